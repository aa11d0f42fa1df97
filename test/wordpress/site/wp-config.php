<?php
// The test site's own configuration: where its database and itself are found stands in site.json beside it.
$oncepost_site = json_decode(file_get_contents(__DIR__ . '/site.json'), true);
define('DB_NAME', 'wordpress');
define('DB_USER', 'wordpress');
define('DB_PASSWORD', 'wordpress');
define('DB_HOST', '127.0.0.1:' . $oncepost_site['databasePort']);
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HOME', $oncepost_site['url']);
define('WP_SITEURL', $oncepost_site['url']);
// Application passwords work over plain HTTP here.
define('WP_ENVIRONMENT_TYPE', 'local');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('FS_METHOD', 'direct');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define($name . '_KEY', 'key of tests ' . $name);
    define($name . '_SALT', 'salt of tests ' . $name);
}
define('WP_DEBUG', false);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
