import type { Pasted } from './pasted.ts';

/** What MySQL 9.7 and MariaDB 10.11 say under lc_messages, as their errmsg.sys files hold it. */

interface Language {
  readonly name: string;
  readonly blocked: string;
  readonly refused: string;
  readonly denied: string;
  /** 1044, which names the account's pattern. */
  readonly database: string;
}

const SPOKEN: readonly Language[] = [
  {
    name: 'German, MySQL 9.7',
    blocked:
      "Host '192.0.2.7' blockiert wegen zu vieler Verbindungsfehler. Aufheben der Blockierung mit 'mysqladmin flush-hosts'",
    refused:
      "Host 'merp.example.com' hat keine Berechtigung, sich mit diesem MySQL-Server zu verbinden",
    denied:
      "Benutzer 'app'@'merp.example.com' hat keine Zugriffsberechtigung (verwendetes Passwort: YES)",
    database:
      "Benutzer 'app'@'merp.example.com' hat keine Zugriffsberechtigung für Datenbank 'shop'",
  },
  {
    name: 'French, MySQL 9.7',
    blocked:
      "L'hôte '192.0.2.7' est bloqué à cause d'un trop grand nombre d'erreur de connexion. Débloquer le par 'mysqladmin flush-hosts'",
    refused: "Le hôte 'merp.example.com' n'est pas authorisé à se connecter à ce serveur MySQL",
    denied: "Accès refusé pour l'utilisateur: 'app'@'@merp.example.com' (mot de passe: YES)",
    database: "Accès refusé pour l'utilisateur: 'app'@'@merp.example.com'. Base 'shop'",
  },
  {
    name: 'French, MariaDB 10.11',
    blocked:
      "L'hôte '192.0.2.7' est bloqué à cause d'un trop grand nombre d'erreur de connexion. Débloquer le par 'mariadb-admin flush-hosts'",
    refused: "Le hôte 'merp.example.com' n'est pas authorisé à se connecter à ce serveur MariaDB",
    denied: "Accès refusé pour l'utilisateur: 'app'@'merp.example.com' (mot de passe: YES)",
    database: "Accès refusé pour l'utilisateur: 'app'@'merp.example.com'. Base 'shop'",
  },
  {
    name: 'Spanish, MySQL 9.7',
    blocked:
      "Servidor '192.0.2.7' está bloqueado por muchos errores de conexión.  Desbloquear con 'mysqladmin flush-hosts'",
    refused: "Servidor 'merp.example.com' no está permitido para conectar con este servidor MySQL",
    denied: "Acceso negado para usuario: 'app'@'merp.example.com' (Usando clave: YES)",
    database: "Acceso negado para usuario: 'app'@'merp.example.com' para la base de datos 'shop'",
  },
  {
    name: 'Spanish, MariaDB 10.11',
    blocked:
      "El equipo '192.0.2.7' está bloqueado debido a muchos errores de conexión; desbloquea con 'mariadb-admin flush-hosts'",
    refused: "El equipo 'merp.example.com' no está autorizado a conectar con este servidor MariaDB",
    denied: "Acceso denegado para usuario: 'app'@'merp.example.com' (Usando contraseña: YES)",
    database: "Acceso denegado para usuario: 'app'@'merp.example.com' a la base de datos 'shop'",
  },
  {
    name: 'Portuguese, MySQL 9.7',
    blocked:
      "'Host' '192.0.2.7' está bloqueado devido a muitos erros de conexão. Desbloqueie com 'mysqladmin flush-hosts'",
    refused: "'Host' 'merp.example.com' não tem permissão para se conectar com este servidor MySQL",
    denied: "Acesso negado para o usuário 'app'@'merp.example.com' (senha usada: YES)",
    database: "Acesso negado para o usuário 'app'@'merp.example.com' ao banco de dados 'shop'",
  },
  {
    name: 'Italian, MySQL 9.7',
    blocked:
      "Sistema '192.0.2.7' bloccato a causa di troppi errori di connessione. Per sbloccarlo: 'mysqladmin flush-hosts'",
    refused: "Al sistema 'merp.example.com' non e` consentita la connessione a questo server MySQL",
    denied: "Accesso non consentito per l'utente: 'app'@'merp.example.com' (Password: YES)",
    database: "Accesso non consentito per l'utente: 'app'@'merp.example.com' al database 'shop'",
  },
  {
    name: 'Japanese, MySQL 9.7',
    blocked:
      "接続エラーが多いため、ホスト '192.0.2.7' は拒否されました。'mysqladmin flush-hosts' で解除できます。",
    refused: "ホスト 'merp.example.com' からのこの MySQL server への接続は許可されていません。",
    denied: "ユーザー 'app'@'merp.example.com' のアクセスは拒否されました。(using password: YES)",
    database:
      "ユーザー 'app'@'merp.example.com' によるデータベース 'shop' へのアクセスは拒否されました。",
  },
  {
    name: 'Russian, MySQL 9.7',
    blocked:
      "Хост '192.0.2.7' заблокирован из-за слишком большого количества ошибок соединения. Разблокировать его можно с помощью 'mysqladmin flush-hosts'",
    refused: "Хосту 'merp.example.com' не разрешается подключаться к этому серверу MySQL",
    denied: "Доступ закрыт для пользователя 'app'@'merp.example.com' (был использован пароль: YES)",
    database: "Для пользователя 'app'@'merp.example.com' доступ к базе данных 'shop' закрыт",
  },
  {
    name: 'Korean, MySQL 9.7',
    blocked:
      "너무 많은 연결오류로 인하여 호스트 '192.0.2.7'는 블락되었습니다. 'mysqladmin flush-hosts'를 이용하여 블락을 해제하세요",
    refused: "'merp.example.com' 호스트는 이 MySQL서버에 접속할 허가를 받지 못했습니다.",
    denied: "'app'@'merp.example.com' 사용자는 접근이 거부 되었습니다. (using password: YES)",
    database: "'app'@'merp.example.com' 사용자는 'shop' 데이타베이스에 접근이 거부 되었습니다.",
  },
  {
    name: 'Chinese, MariaDB 10.11',
    blocked: "主机 '192.0.2.7' 由于许多连接错误而被阻止；使用 'mariadb-admin flush-hosts' 解除阻塞",
    refused: "Host'merp.example.com'不允许连接到此MariaDB服务器",
    denied: "'app'@'merp.example.com' 用户无权访问 (使用密码: YES)",
    database: "用户'app'@'merp.example.com'无权访问数据库'shop'",
  },
  {
    name: 'Ukrainian, MySQL 9.7',
    blocked:
      "Хост '192.0.2.7' заблоковано з причини великої кількості помилок з'єднання. Для розблокування використовуйте 'mysqladmin flush-hosts'",
    refused: "Хосту 'merp.example.com' не доволено зв'язуватись з цим сервером MySQL",
    denied: "Доступ заборонено для користувача: 'app'@'merp.example.com' (Використано пароль: YES)",
    database: "Доступ заборонено для користувача: 'app'@'merp.example.com' до бази данних 'shop'",
  },
  {
    name: 'Czech, MySQL 9.7',
    blocked:
      "Stroj '192.0.2.7' je zablokován kvůli mnoha chybám při připojování. Odblokujete použitím 'mysqladmin flush-hosts'",
    refused: "Stroj 'merp.example.com' nemá povoleno se k tomuto MySQL serveru připojit",
    denied: "Přístup pro uživatele 'app'@'merp.example.com' (s heslem YES)",
    database: "Přístup pro uživatele 'app'@'merp.example.com' k databázi 'shop' není povolen",
  },
];

const BY_NAME = { hosts: ['merp.example.com'] };

export const LANGUAGES: readonly Pasted[] = SPOKEN.flatMap((language) => {
  const { name, blocked, refused, denied, database } = language;
  return [
    // The advice to flush identifies 1129 in any language; otherwise only the number does.
    { name: `${name}: 1129`, text: blocked, error: 1129, hosts: ['192.0.2.7'] },
    { name: `${name}: 1130`, text: `ERROR 1130 (HY000): ${refused}`, error: 1130, ...BY_NAME },
    { name: `${name}: 1130 of PyMySQL`, text: `(1130, "${refused}")`, error: 1130, ...BY_NAME },
    { name: `${name}: 1130, no number`, text: refused, error: null, ...BY_NAME },
    {
      name: `${name}: 1130, a name of one label`,
      text: `SQLSTATE[HY000] [1130] ${refused.replace('merp.example.com', 'ab')}`,
      error: 1130,
      hosts: ['ab'],
    },
    {
      name: `${name}: 1130 of mysqladmin`,
      text: `mysqladmin: connect to server at '192.0.2.99' failed\nerror: '${refused}' (errno: 1130)`,
      error: 1130,
      ...BY_NAME,
    },
    {
      name: `${name}: 1045`,
      text: `ERROR 1045 (28000): ${denied}`,
      error: 1045,
      ...BY_NAME,
      user: 'app',
    },
    { name: `${name}: 1045, no number`, text: denied, error: null, ...BY_NAME, user: 'app' },
    { name: `${name}: 1044`, text: `ERROR 1044 (42000): ${database}`, error: 1044, hosts: [] },
    { name: `${name}: 1044, no number`, text: database, error: 1044, hosts: [] },
  ];
});
