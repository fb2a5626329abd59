#!/bin/sh
# 在服务器上用的命令：sudo wenha doctor。装到 /usr/local/sbin/wenha。
# 用服务自己的用户、配置和令牌运行，免得把数据库的文件变成 root 的。
set -eu
umask 077
set -a
. /etc/wenha/wenha.env
set +a
cd /var/lib/wenha
exec runuser -u wenha -- /opt/wenha/current/bin/wenha --config /etc/wenha/config.yaml "$@"
