<?php
// Installs the site in DOCUMENT_ROOT (the first argument) and answers its users, with an application password each.
define('WP_INSTALLING', true);
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

wp_install('A site of tests', 'admin', 'admin@example.com', true, '', 'login-of-admin');
update_option('permalink_structure', '/%postname%/');
switch_theme('plain');
$users = ['admin' => get_user_by('login', 'admin')->ID];
foreach (['author', 'contributor'] as $role) {
    $users[$role] = wp_insert_user([
        'user_login' => $role, 'user_pass' => "login-of-$role", 'user_email' => "$role@example.com", 'role' => $role,
    ]);
}
wp_insert_category(['cat_name' => 'News', 'category_nicename' => 'news']);
wp_insert_category(['cat_name' => 'Guides & more', 'category_nicename' => 'guides']);
$made = [];
foreach ($users as $name => $id) {
    [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'publisher']);
    $made[$name] = ['id' => $id, 'name' => $name, 'password' => WP_Application_Passwords::chunk_password($password)];
}
echo json_encode($made);
