# Русский.

## Around every page
document-title = { $task } – { $service }
document-title-error = Ошибка: { $task } – { $service }
skip-to-content = Перейти к основному содержанию
languages = Язык
help = Помощь
privacy = Конфиденциальность
cancel = Отменить
cancel-client = Отменить и вернуться в «{ $client }»
continue = Продолжить
back-to = Вернуться в «{ $name }»
signed-in-as = Вы вошли как { $person }.
client-privacy = Как используются ваши данные
client-terms = Условия использования
client-home = Об этом сервисе
client-unvouched = Этот сервис зарегистрировал себя сам. Мы не проверяли, кто им управляет.

## Errors in forms
error-summary = Нужно кое-что исправить
form-stale = Страница была открыта слишком долго. Ничего не потеряно: отправьте её ещё раз.
server-busy = Сейчас входит слишком много людей. Подождите немного и попробуйте ещё раз.

## Sign-in
login-title = Вход
login-title-client = Вход в «{ $client }»
login-username = Имя пользователя, почта, телефон или ИИН (номер)
login-password = Пароль
password-show = Показать
password-hide = Скрыть
login-submit = Войти
login-phone = Войти по коду, отправленному на телефон
login-certificate = Войти по сертификату
login-register = Создать учётную запись
login-bad-credentials = Неверное имя пользователя или пароль. Проверьте и то и другое и попробуйте ещё раз.
login-throttled = Слишком много неудачных попыток. Повторите через { $wait }.
login-username-missing = Введите имя пользователя.
login-password-missing = Введите пароль.
duration-seconds =
    { $count ->
        [one] { $count } секунду
        [few] { $count } секунды
       *[many] { $count } секунд
    }
duration-minutes =
    { $count ->
        [one] { $count } минуту
        [few] { $count } минуты
       *[many] { $count } минут
    }

## Вход по телефону, коды и второй фактор
login-passkey = Войти с ключом доступа
login-forgotten = Я забыл пароль
login-password-way = Войти с паролем
phone-label = Номер телефона
phone-hint = С кодом страны, например +7 701 123 45 67. Мы пришлём код.
phone-submit = Получить код
phone-missing = Введите номер телефона.
phone-wrong = Введите номер с кодом страны, например +7 701 123 45 67.
phone-other = Указать другой номер
phone-disabled = Учётная запись с этим телефоном отключена. Обратитесь в поддержку.
phone-needs-password = Для учётной записи с этим телефоном нужен ещё и пароль. Войдите с паролем.
code-title-phone = Проверьте телефон
code-title-mail = Проверьте почту
code-title-application = Откройте приложение для кодов
code-label = Код
code-sent = Мы отправили код из шести цифр на { $to }.
code-lives = Он действует ещё { $wait }.
code-tries =
    { $count ->
        [one] У вас { $count } попытка.
        [few] У вас { $count } попытки.
       *[other] У вас { $count } попыток.
    }
code-application = Введите шесть цифр, которые приложение показывает для этой учётной записи.
code-submit = Продолжить
code-missing = Введите код.
code-wrong =
    { $count ->
        [one] Код неверен. Осталась { $count } попытка.
        [few] Код неверен. Осталось { $count } попытки.
       *[other] Код неверен. Осталось { $count } попыток.
    }
code-exhausted = Было слишком много ошибок, этот код больше не действует. Запросите новый.
code-expired = Этот код устарел. Запросите новый.
code-too-early = Код только что отправлен. Новый можно запросить через { $wait }.
code-too-many = Запрошено слишком много кодов. Попробуйте через { $wait }.
resend = Отправить новый код
resend-wait = Новый код можно запросить через { $wait }.
totp-wrong = Код неверен или уже использован. Дождитесь следующего и введите его.
recovery-title = Введите запасной код
recovery-label = Запасной код
recovery-hint = Один из кодов, которые вы записали при настройке. Каждый действует один раз.
recovery-wrong = Этот запасной код неверен или уже использован. Введите другой.
way-passkey = Использовать ключ доступа
way-totp = Использовать приложение для кодов
way-sms = Отправить код на телефон
way-mail = Отправить код на почту
way-recovery = Использовать запасной код
passkey-title = Вход с ключом доступа
passkey-what = Телефон, компьютер или ключ безопасности попросит палец, лицо или блокировку экрана.
passkey-unable = Нужен браузер с ключами доступа и JavaScript. Если ничего не происходит, выберите другой способ.
passkey-failed = Ключ доступа не использован. Попробуйте ещё раз или выберите другой способ.
passkey-submit = Использовать мой ключ доступа
passkey-refused = Этот ключ доступа не открывает здесь учётную запись. Возьмите другой или войдите иначе.
message-code-subject = Ваш код для входа: { $service }
message-code-sign-in = { $code } – ваш код для входа ({ $service }). Действует { $count } мин. Никому его не сообщайте.
message-code-second-factor = { $code } – ваш код ({ $service }). Действует { $count } мин. Если вы не входите, кто-то знает ваш пароль: смените его.
notice-subject = О вашей учётной записи: { $service }
notice-recovery-code-used = { $name }, в вашу учётную запись ({ $service }) вошли с запасным кодом. Если это были не вы, сразу смените пароль.

## Недостающие сведения и уровни
optional = (необязательно)
field-locked = Это значение передала служба. Здесь его изменить нельзя.
attribute-missing = Заполните это поле.
attributes-title = Ещё немного сведений
attributes-title-client = Для «{ $client }» нужно ещё немного сведений
attributes-why = Этих сведений нет в вашей учётной записи.
attributes-why-client = Без них «{ $client }» не сможет вам помочь. Перед отправкой вы увидите всё, что передаётся.
attributes-skip = Продолжить без необязательных
level-title = Сначала нужно проверить учётную запись
level-title-client = Для «{ $client }» нужна проверенная учётная запись
level-held = Ваша учётная запись сейчас
level-wanted = Что требуется
level-how-now = Сделайте это сейчас
level-confirm-what = Мы отправим код на { $to }. С ним телефон и ваш номер считаются подтверждёнными.
level-how = Как это получить
level-how-1 = Подтвердите телефон кодом и укажите свой номер на странице учётной записи. Затем начните в службе заново.
level-how-2 = Отправьте снимок документа со страницы учётной записи. Регистратор посмотрит его, и вы получите сообщение.
level-how-3 = Придите с документом в центр обслуживания: регистратор проверит его лично. Подойдёт и сертификат доверенного центра.
level-account = Перейти к учётной записи
level-back = Вернуться без этого
level-back-client = Вернуться в «{ $client }» без этого
message-code-contact = { $code } – код, чтобы подтвердить этот телефон или адрес ({ $service }). Действует { $count } мин.

## Создание учётной записи и забытый пароль
register-title = Новая учётная запись
register-kind = Для кого учётная запись?
register-kind-citizen = Для себя, по удостоверению личности.
register-kind-juristic-person = Для компании или другой организации, которую вы представляете.
register-kind-foreigner = Для себя, по иностранному паспорту.
register-kind-government-agent = Для работы в государственном органе.
register-kind-missing = Выберите, для кого учётная запись.
register-login = У меня уже есть учётная запись
register-back = Назад
register-details-title = Ваши данные
register-details-lead = Пишите всё так, как в документе.
register-last-name-hint = Оставьте пустым, если у вас только одно имя.
date-hint = Год, месяц и день, например 1990-05-15
register-representative = Кто действует от имени организации
register-representative-hint = Один человек, имеющий на это право по закону или доверенности. Других можно добавить позже.
register-contact-title = Как с вами связаться?
register-contact-lead = Укажите номер телефона или адрес почты. Мы отправим туда код. Если указать оба, код придёт на телефон.
register-contact-missing = Укажите номер телефона или адрес почты.
register-contact-other = Указать другой телефон или почту
register-known-title = У вас уже есть учётная запись
register-known-phone = С этим номером телефона уже есть учётная запись. Если она ваша, войдите в неё.
register-known-mail = С этим адресом почты уже есть учётная запись. Если она ваша, войдите в неё.
register-known-sign-in = Войти в мою учётную запись
register-known-go-on = Она не моя: создать новую
register-password-title = Выберите пароль
register-username = Имя пользователя (необязательно)
register-username-hint = Буквы и не больше четырёх цифр. Если оставить пустым, мы придумаем имя; входить всегда можно по телефону или почте.
register-terms = Я согласен с условиями использования
register-terms-link = Прочитать условия (откроется новое окно)
register-terms-missing = Чтобы создать учётную запись, согласитесь с условиями.
register-submit = Завершить регистрацию
username-length = Выберите имя от 3 до 64 знаков или оставьте пустым.
username-letters = Имя пользователя состоит из букв; можно цифры, точки, дефисы и подчёркивания, без пробелов.
username-digits = В имени не больше четырёх цифр, чтобы его не приняли за чей-то номер.
username-taken = Это имя уже занято. Выберите другое.
new-password-label = Новый пароль
new-password-hint = Не меньше 8 знаков. Несколько слов подряд легко запомнить и трудно угадать.
new-password-title = Выберите новый пароль
new-password-title-invitation = Выберите пароль для вашей учётной записи
new-password-submit = Установить пароль
forgotten-title = Восстановление пароля
forgotten-what = Напишите, кто вы. Мы отправим код на телефон или почту вашей учётной записи.
forgotten-code-title = Проверьте телефон и почту
forgotten-sent = Если такая учётная запись есть, код из шести цифр отправлен на её телефон или почту.
password-set-title = Пароль установлен
password-set-what = Войдите с новым паролем. Во всех других местах вы больше не в системе.
password-link-title = Эта ссылка больше не действует
password-link-what = Ею уже воспользовались, или она устарела. Каждая ссылка действует один раз.
password-link-do = Получить код вместо неё
terms-title = Условия использования учётной записи
terms-true = Сведения, которые вы о себе сообщаете, верны, и вы их обновляете.
terms-own = Учётная запись принадлежит только вам или организации, которую вы представляете. Вы не передаёте её другим.
terms-secret = Вы никому не сообщаете пароль и коды. Если их узнал кто-то другой, сразу скажите нам.
terms-use = Мы передаём ваши данные сервису только с вашего разрешения или по требованию закона.
terms-close = Вы можете закрыть учётную запись в любое время.
message-code-registration = { $code } – ваш код для создания учётной записи в { $service }. Действует { $count } мин. Никому его не сообщайте.
message-code-registration-phone-known = { $code } – ваш код для { $service }. Кто-то создаёт учётную запись с этим телефоном, а она уже есть. Если это вы, войдите по телефону или введите код, чтобы выбрать. Действует { $count } мин. Если это не вы, ничего не делайте.
message-code-registration-mail-known = { $code } – ваш код для { $service }. Кто-то создаёт учётную запись с этой почтой, а она уже есть. Если это вы, войдите с паролем или введите код, чтобы выбрать. Действует { $count } мин. Если это не вы, ничего не делайте.
message-code-reset = { $code } – ваш код для нового пароля в { $service }. Действует { $count } мин. Если вы его не просили, ничего не делайте и никому его не сообщайте.
notice-account-made = { $name }, ваша учётная запись в { $service } создана. Имя пользователя: { $username }. Если это были не вы, сообщите в поддержку.
notice-identifier-used = { $name }, кто-то создал в { $service } другую учётную запись с вашим личным номером. Номер не проверен. Если это были не вы, сообщите в поддержку.
notice-password-set = { $name }, для вашей учётной записи в { $service } установлен новый пароль. Если это были не вы, сразу сообщите в поддержку.
notice-reset-not-possible = { $name }, кто-то запросил новый пароль для вашей учётной записи в { $service }. Кода, отправленного сюда, мало: это ваш второй фактор. Если это были вы, обратитесь в поддержку.

## Consent
consent-title = Передача ваших данных
consent-title-client = Передача ваших данных в «{ $client }»
consent-caption = Что будет передано, если вы разрешите
consent-detail = Сведения
consent-value = Значение
consent-level = Как проверено
consent-nothing = Будет передан только номер, который вас обозначает. Других сведений о вас не запрашивают.
consent-also = Также запрашивается
consent-remember = Запомнить и в следующий раз не спрашивать
consent-remember-hint = Это касается только того, что показано на этой странице.
consent-allow = Разрешить
consent-deny = Не разрешать
level-0 = Указано вами, не проверено
level-1 = Подтверждено
level-2 = Сверено с реестром
level-3 = Проверено лично или по сертификату
level-dated = { $level }, { $date }
date = { $day } { $month } { $year } года
month-1 = января
month-2 = февраля
month-3 = марта
month-4 = апреля
month-5 = мая
month-6 = июня
month-7 = июля
month-8 = августа
month-9 = сентября
month-10 = октября
month-11 = ноября
month-12 = декабря

## Регистраторы и администраторы ведомств
portal-search = Найти
portal-search-clear = Показать всё снова
portal-pages = Страницы списка
portal-previous = Предыдущая страница
portal-next = Следующая страница
portal-choose = Выберите
portal-missing = Заполните это поле.
portal-disabled = Закрыта
portal-reason = Причина
portal-reason-hint = Она останется в журнале. Не пишите здесь личных номеров.
portal-reason-missing = Напишите причину.
portal-reason-long = Напишите причину одной строкой, не длиннее 500 знаков.
people-found = Найденные люди
people-waiting = Люди, чьи документы ждут проверки
people-officials = Служащие
people-name = Имя
people-waiting-since = Ждёт с { $date }
people-none-found = Никто не найден. Проверьте написание или поищите по другим сведениям.
people-none-waiting = Документов на проверку нет. Чтобы найти человека, воспользуйтесь поиском выше.
people-no-officials = Служащих пока нет. Добавьте первого.
registrar-title = Проверка сведений о людях
registrar-search = Имя пользователя, личный номер, почта, телефон или начало имени
registrar-own = Это ваша собственная учётная запись. Ваши сведения должен проверить другой регистратор.
registrar-documents = Присланные документы
registrar-photo = Фотография, { $date }
registrar-document = Документ, { $date }
registrar-unseen = Ещё не просмотрен
registrar-no-documents = Этот человек документов не присылал.
registrar-mark-seen = Отметить документы просмотренными
registrar-held = Что есть в учётной записи
registrar-holds-nothing = В учётной записи пока ничего нет. Сначала её владелец должен ввести свои сведения.
registrar-caption = Отметьте то, что проверили, и исправьте описки
registrar-now = Сейчас
registrar-then = После
registrar-then-of = { $label }: значение после
registrar-level = Уровень после, для всего отмеченного
registrar-evidence = Что вы видели
registrar-submit = Изменить уровни
registrar-history = История
registrar-history-level = уровень { $level }, источник: { $source }
registrar-back = Назад к поиску
registrar-done = Уровни изменены, владельцу сообщено.
registrar-seen-done = Документы отмечены просмотренными.
registrar-level-0 = Не проверено
registrar-level-1 = Подтверждено кодом
registrar-level-2 = Проверено по документам или реестру
registrar-level-3 = Проверено лично или по сертификату
registrar-none-chosen = Отметьте хотя бы одно проверенное сведение.
registrar-level-missing = Выберите уровень.
registrar-evidence-missing = Выберите, что вы видели.
registrar-evidence-weak = Уровень 3 — для тех, кто пришёл лично или подтвердил себя сертификатом. Выберите уровень 2 или другое основание.
registrar-taken = Этот номер уже проверен в другой учётной записи. Прежде чем продолжить, найдите её.
registrar-changed = За это время кто-то изменил это значение. Ничего не записано: посмотрите, каково оно сейчас, и отправьте снова.
evidence-documents-sent = Присланные копии документов
evidence-face-to-face = Самого человека и подлинник документа
evidence-certificate = Сертификат доверенного центра
evidence-registry-extract = Выписку из реестра
source-self = сам человек
source-operator = оператор
source-registrar = регистратор
source-agency = ведомство, где человек служит
agency-title = { $agency }: служащие
agency-search = Имя пользователя, личный номер, почта или начало имени
agency-add = Добавить служащего
agency-add-what = Впишите сведения так, как они записаны в ведомстве: { $agency }. Служащий получит по почте ссылку, чтобы выбрать пароль.
agency-add-submit = Создать учётную запись и отправить ссылку
agency-username-hint = Если не указать, именем будет адрес почты.
agency-username-taken = Это имя занято. Выберите другое.
agency-username-wrong = Напишите одной строкой не больше 128 знаков.
agency-taken = С этим номером здесь нельзя создать учётную запись. Обратитесь к регистратору.
agency-back = Назад к служащим
agency-invited = Ссылка отправлена. Она действует один раз в течение семи дней.
agency-not-yet = Этот служащий ещё не выбрал пароль.
agency-invite = Отправить ссылку ещё раз
agency-not-invited = Для этой учётной записи нельзя отправить ссылку.
agency-shut-out = Закрыть доступ
agency-shut-out-what = Учётная запись сразу перестанет работать везде. Открыть её снова может только оператор.
agency-type-name = Для подтверждения введите имя пользователя { $username }
agency-name-differs = Это не имя пользователя этой учётной записи.
agency-own = Нельзя закрыть доступ самому себе.
agency-shut-out-done = Доступ закрыт, владельцу сообщено.
notice-registrar = { $name }, регистратор проверил сведения вашей учётной записи в { $service }. Если вы об этом не просили, сообщите в поддержку.
notice-invitation = { $name }, для вас создана учётная запись в { $service } (ведомство: { $agency }). Выберите пароль по ссылке, один раз, в течение семи дней: { $link }
notice-shut-out = { $name }, ваша учётная запись в { $service } закрыта (ведомство: { $agency }). Если это ошибка, обратитесь в своё ведомство.

## Устройства, показывающие код
device-title = Подключение устройства
device-what = Введите код, который показывает ваш телевизор, принтер или другое устройство.
device-label = Код на устройстве
device-hint = Восемь букв, например WDJB-MJHT. Можно строчными.
device-code-missing = Введите код, который показывает устройство.
device-code-wrong = Код неверен или устарел. Введите тот, который устройство показывает сейчас.
device-compare = Устройство просит доступ к вашей учётной записи. На нём должен быть этот код:
device-warning = Продолжайте, только если вы сами начали это на своём устройстве. Если ссылку или код вам кто-то прислал, не разрешайте.
device-done-title = Устройство подключено
device-done-what = Вы дали разрешение: { $client }. Теперь вернитесь к устройству.
device-done-do = Через несколько секунд оно продолжит само. Эту страницу можно закрыть.
device-denied-title = Устройство не подключено
device-denied-do = Через несколько секунд устройство сообщит об этом. Если это ошибка, начните на нём заново.

## Errors
error-developer-title = Эта ссылка для входа не работает
error-developer-what = Сервис, который направил вас сюда, ошибся в запросе. Это не ваша вина, с вашей учётной записью всё в порядке.
error-developer-do = Вернитесь в сервис и попробуйте ещё раз. Если не поможет, сообщите его поддержке сведения, указанные ниже.
error-expired-title = Время на вход истекло
error-expired-what = Для вашей безопасности время входа ограничено, или этот вход уже завершён.
error-expired-do = Вернитесь в сервис, из которого вы пришли, и начните заново.
error-other-browser-title = Этот вход начат в другом браузере
error-other-browser-what = Для вашей безопасности вход нужно завершить в том браузере, где он был начат.
error-other-browser-do = Вернитесь в тот браузер или начните заново здесь, открыв нужный вам сервис.
error-unavailable-title = Сейчас войти нельзя
error-unavailable-what = Мы временно не можем вас обслужить. С вашими данными всё в порядке.
error-unavailable-do = Подождите несколько минут и попробуйте ещё раз.
error-not-found-title = Такой страницы нет
error-not-found-what = Возможно, в адресе опечатка или страницы здесь больше нет.
error-not-found-do = Проверьте адрес или начните с сервиса, который вам нужен.
error-internal-title = У нас что-то пошло не так
error-internal-what = Это наша ошибка, а не ваша. Мы её записали.
error-internal-do = Попробуйте ещё раз через несколько минут. Если ошибка повторится, сообщите поддержке сведения, указанные ниже.
error-forbidden-title = Это действие не разрешено
error-forbidden-what = Вам или сервису, который направил вас сюда, это действие не разрешено.
error-forbidden-do = Если вы считаете, что это ошибка, сообщите поддержке сведения, указанные ниже.
error-too-many-title = Слишком много запросов
error-too-many-what = Из вашей сети за короткое время пришло очень много запросов.
error-too-many-do = Подождите несколько минут и попробуйте ещё раз.
error-certificate-title = Войти по сертификату не удалось
error-certificate-what = Сертификат не был предъявлен, либо он не принадлежит никому, у кого здесь есть учётная запись, истёк или был отозван.
error-certificate-do = Закройте браузер, вставьте карту или ключ и попробуйте ещё раз. Если сертификат новый, попросите добавить его к учётной записи или войдите другим способом.
error-device-expired-title = Этот код больше не действует
error-device-expired-what = Для вашей безопасности срок действия кода ограничен, или по этому коду уже дан ответ.
error-device-expired-do = Начните заново на устройстве: оно покажет новый код.
error-details = Сведения для поддержки
error-code = Ошибка
error-description = Описание
error-request-id = Номер запроса

## Ожидали другого человека
mismatch-iin-title = Этот сервис ожидал другого человека
mismatch-iin-what = Сервис назвал ожидаемого человека по индивидуальному идентификационному номеру (ИИН). В вашей учётной записи другой номер.
mismatch-iin-do = Если вы и есть этот человек, вернитесь и войдите в учётную запись с тем номером. Сервису о вас ничего не передано.
mismatch-organisation-title = Вы не представляете эту организацию
mismatch-organisation-what = Сервис запросил представителя организации с номером { $number }. Вас нет в списке её представителей, или ваш собственный номер ещё не подтверждён.
mismatch-organisation-do = Попросите организацию добавить вас в представители и начните заново. Сервису о вас ничего не передано.
mismatch-back = Вернуться в сервис

## The address of an account (OpenID 2.0)
identity-title = Адрес для входа
identity-what = По такому адресу человека узнают сервисы, которые работают с OpenID.
identity-use = Если вы пришли сюда с какого-либо сервиса, вернитесь на него и войдите оттуда.
identity-private = Здесь никто не может увидеть, принадлежит ли этот адрес кому-нибудь и кому именно.
identity-home = Перейти на главную страницу

## Signing out
logout-title = Выйти?
logout-client = «{ $client }» просит завершить ваш сеанс.
logout-what = Ваш сеанс здесь завершится. Чтобы снова пользоваться сервисами, нужно будет войти ещё раз.
logout-confirm = Выйти
logout-stay = Чтобы остаться в системе, закройте эту страницу.
logged-out-title = Вы вышли
logged-out-what = Вы благополучно вышли из системы.
logged-out-services = Сервисы, которыми вы пользовались, тоже завершают сеанс.
logged-out-shared = Если этим устройством пользуются другие люди, закройте и браузер.

## On the way back, and other pages
form-post-title = Возвращаемся
form-post-title-client = Возвращаемся в «{ $client }»
form-post-what = Если за несколько секунд ничего не произойдёт, нажмите кнопку.
code-title = Ваш код
code-what = Скопируйте этот код в программу, которая попросила вас войти.
code-hint = Код действует один раз и всего несколько минут. Никому его не сообщайте.
home-title = Одна учётная запись для государственных услуг
home-what = Здесь вы входите во все государственные сервисы с одной учётной записью.
home-signed-out = Вы не вошли. Чтобы войти, начните с сервиса, который вам нужен.
home-safety = Мы никогда не спрашиваем пароль по телефону, в сообщениях или по почте.

## OAuth 1.0a: the code carried over by hand, and refusing
verifier-title = Ваш код подтверждения
verifier-what = Скопируйте этот код в приложение, которое направило вас сюда.
verifier-hint = Код действует один раз, несколько минут и только для этого приложения. Никому его не сообщайте.
denied-title = Вы не дали разрешения
denied-what = { $client } ничего о вас не узнал.
denied-do = Эту страницу можно закрыть. Если это ошибка, вернитесь в сервис и начните заново.

attribute-username = Имя пользователя
attribute-user_id = Номер учётной записи
attribute-kind = Вид учётной записи
attribute-level = Уровень учётной записи
attribute-level-of = Насколько проверено: { $name }
attribute-openid2_id = Адрес вашей учётной записи (OpenID)
attribute-locale = Язык
attribute-address = Адрес
attribute-organization = Организация
kind-citizen = Гражданин
kind-juristic-person = Юридическое лицо
kind-foreigner = Иностранец
kind-government-agent = Государственный служащий
gender-female = Женский
gender-male = Мужской

## Пароли, которые не принимаются
password-too-short = Выберите пароль не короче 8 символов.
password-too-long = Выберите пароль не длиннее 128 символов.
password-common = Этим паролем пользуются многие, поэтому его угадывают первым. Выберите другой.
password-personal = Этот пароль совпадает с вашим именем, номером или адресом. Выберите тот, которого другие не знают.
attribute-file = Изображение

## What is wrong with a typed value, said beside its field
attribute-error-text = Введите от 1 до 500 символов в одну строку.
attribute-error-date = Укажите существующую дату в виде год-месяц-день, например 1990-05-15.
attribute-error-past = Укажите дату с 1900 года по сегодня в виде год-месяц-день, например 1990-05-15.
attribute-error-mail = Укажите адрес электронной почты, например imya@example.org.
attribute-error-phone = Укажите номер с кодом страны, например +7 701 123 45 67.
attribute-error-gender = Выберите один из двух вариантов.
attribute-error-pattern = Не соответствует ожидаемому виду. Сверьте с документом и введите так, как там написано.
attribute-error-check-digit = В этом номере ошибка. Сверьте его с документом по одной цифре.
attribute-error-file = Выберите изображение в формате JPEG, PNG или WebP.

## Signing in with a passkey

## Подтверждения

confirm-login = Подтвердите вход: { $client }
confirm-operation = Подтвердите операцию «{ $reference }»: { $client }
confirm-by-totp = Введите код из приложения для кодов.
confirm-by-sms = Введите код из SMS, отправленного на { $to }.
confirm-by-mail = Введите код из письма, отправленного на { $to }.
confirm-by-account = Войдите на страницу своей учётной записи и подтвердите там.
message-code-confirm-login = { $code } – код для входа в { $client } с вашей учётной записью ({ $service }). Действует { $count } мин. Если вы туда не входите, кто-то знает ваш пароль: смените его.
message-code-confirm-operation = { $code } – код для подтверждения операции «{ $reference }» ({ $client }). Действует { $count } мин. Если вы её не запрашивали, никому не сообщайте код. { $service }
confirmations-title = Ждут вашего подтверждения
confirmations-what = Подтверждайте только то, что начали сами и только что. Если вы ничего об этом не знаете, откажите и смените пароль.
confirmations-none = Сейчас ничто не ждёт вашего подтверждения.
confirmations-asked = Запрошено:
confirmations-until = Можно ответить до:
confirmations-approve = Подтвердить
confirmations-refuse = Отказать
done-confirmed = Вы подтвердили. Вернитесь в приложение, которое об этом спросило.
done-refused = Вы отказали. Приложению об этом сообщено.

## The person's own pages
account-title = Ваша учётная запись
account-nav = Разделы учётной записи
account-nav-profile = Сведения
account-nav-sessions = Устройства
account-nav-applications = Приложения
account-nav-security = Безопасность
account-nav-activity = Действия
account-nav-confirmations = Подтверждения
account-gone = Этого больше нет. Посмотрите на список ещё раз.
back-to-account = Вернуться к учётной записи
back-to-security = Вернуться к безопасности
save = Сохранить
remove = Удалить
rename = Переименовать
turn-on = Включить
turn-off = Выключить
choose-one = Выберите из списка.
profile-level = Уровень вашей учётной записи:
profile-confirm = Подтвердить
profile-change = Изменить
profile-locale = Язык страниц и сообщений
profile-data = Ваши данные
profile-export-what = Получите копию всего, что здесь о вас хранится.
profile-export = Скачать мои данные
edit-title = Изменить сведения
edit-what = Изменённое здесь считается непроверенным, пока его не проверят снова. Чтобы убрать сведения, очистите поле.
edit-part-person = О вас
edit-part-identification = Удостоверение личности
edit-locked = Проверенные номера
edit-locked-what = Проверенный номер меняет только регистратор. Отправьте снимок документа или придите с ним в отдел регистрации.
contact-title = Подтвердить телефон или почту
contact-what = Мы отправим туда код. Прежний контакт остаётся, пока новый не подтверждён.
contact-phone = Подтвердить или сменить телефон
contact-mail = Подтвердить или сменить почту
contact-other-mail = Другой адрес почты
files-title = Фотография и документы
files-photo = Ваша фотография
files-photo-choose = Выберите фотографию
files-hint = JPEG, PNG или WebP, не больше 5 МБ.
files-documents = Документы для регистратора
files-documents-what = Их смотрит регистратор, чтобы проверить ваши сведения. Больше никто их не видит.
files-document = Документ
files-document-choose = Выберите снимок документа
files-note = Что на нём
files-send = Отправить документ
files-sent = Отправлен
files-reviewed = Просмотрен регистратором
files-too-big = Файл больше 5 МБ. Выберите поменьше.
files-too-many = Документов уже десять. Сначала удалите один.
sessions-title = Где вы вошли
sessions-what = Если какой-то вам не знаком, завершите его и смените пароль.
sessions-current = Это устройство
sessions-unknown = Неизвестное устройство
sessions-address = Адрес
sessions-began = Вход
sessions-seen = Последний раз
sessions-end = Выйти там
sessions-end-others = Выйти везде, кроме этого устройства
applications-title = Приложения, которым вы известны
applications-what = Вы разрешили им знать указанные сведения. Если отозвать разрешение, доступ сразу прекратится; полученное раньше у них может остаться.
applications-none = Вы ещё не давали разрешений приложениям.
applications-since = С
applications-latest = Последнее разрешение
applications-attributes = Может знать:
applications-scopes = Вы разрешили:
applications-withdraw = Отозвать
applications-open = Открыть
activity-title = Что происходило в вашей учётной записи
activity-show = Что показывать
activity-all = Всё
activity-sign-ins = Входы
activity-applications = Разрешения
activity-changes = Изменения
activity-none = Пока ничего не произошло.
activity-newest = Самые новые
activity-older = Более ранние
activity-signed-in = Вы вошли
activity-session-ended = Выход на одном устройстве
activity-sessions-ended = Выход на всех других устройствах
activity-granted = Вы дали разрешение приложению:
activity-read = Приложение прочитало ваши данные:
activity-withdrawn = Вы отозвали разрешение:
activity-acted-for = Приложение действовало от вашего имени без вашего участия:
activity-created = Учётная запись создана
activity-attributes = Сведения изменены
activity-contact = Подтверждён телефон или почта
activity-password = Пароль изменён
activity-disabled = Учётная запись отключена
activity-enabled = Учётная запись снова включена
activity-exported = Вы получили копию своих данных
activity-raised = Сведения проверены, уровень изменён
activity-factor-added = Добавлен способ подтвердить себя
activity-factor-removed = Удалён способ подтвердить себя
activity-factor-renamed = Ключ доступа переименован
activity-files = Изменены фотография или документы
activity-representatives = Изменены представители
activity-confirmation-asked = Приложение попросило вас что-то подтвердить
activity-confirmation-given = Вы подтвердили вход или операцию
activity-confirmation-closed = Подтверждение не состоялось
activity-other = Другое действие
activity-by-official = Сделано должностным лицом
activity-by-operator = Сделано оператором сервиса
security-title = Безопасность
security-second = Второй фактор
security-second-what = Если настроить что-то из этого, одного пароля для входа будет мало.
password-changed-at = Последнее изменение
change-password-title = Сменить пароль
change-password-what = Вы выйдете на всех других устройствах.
change-password-label = Новый пароль
change-password-hint = От 8 до 128 знаков, которые никто не угадает. Хорошо подойдут три-четыре слова.
passkeys = Ключи доступа
passkey-label = Название ключа
passkey-label-hint = Чтобы вы его узнали, например название устройства.
passkey-label-missing = Назовите ключ.
new-passkey-title = Добавить ключ доступа
new-passkey-what = С ключом доступа вы входите пальцем, лицом или PIN-кодом, без пароля. Он хранится на вашем устройстве.
new-passkey-refused = Ключ добавить не удалось. Попробуйте ещё раз.
new-passkey-taken = Этот ключ уже есть.
factor-added = Добавлен
factor-used = Последний раз
totp-name = Приложение для кодов
totp-title = Настроить приложение для кодов
totp-what = Отсканируйте картинку приложением. На самом телефоне нажмите на неё.
totp-open = QR-код для приложения для кодов
totp-by-hand = Или введите этот ключ в приложение:
totp-submit = Готово
totp-unconfirmed = Код неверный. Проверьте часы телефона и введите код, который он показывает сейчас.
channel-sms = Коды на телефон
channel-mail = Коды по почте
channel-unconfirmed = Сначала подтвердите телефон или почту.
channel-needs-password = Сначала задайте пароль, иначе вы не сможете войти.
recovery-codes-title = Запасные коды
recovery-codes-what = Запишите или распечатайте их и храните с документами. Если вы потеряете устройство, каждый один раз откроет учётную запись. Они показываются только сейчас.
recovery-codes-old = Прежние коды больше не действуют.
recovery-kept = Я их сохранил
recovery-offer = Создайте запасные коды, чтобы войти без устройства.
recovery-make = Создать запасные коды
recovery-again = Создать новый набор
recovery-left =
    { $count ->
        [one] Остался { $count } код.
        [few] Осталось { $count } кода.
        [many] Осталось { $count } кодов.
       *[other] Осталось { $count } кода.
    }
representatives-title = Представители
representatives-what = Эти люди могут действовать от имени организации со своими учётными записями.
representatives-add = Добавить представителя
representatives-full-name = Полное имя
representatives-name = Вид номера
representatives-value = Номер
representatives-there = Этот человек уже представитель.
representatives-last = Последний представитель остаётся. Сначала добавьте другого.
close-title = Закрыть учётную запись
close-what = Всё, что о вас хранится, будет стёрто, все приложения потеряют доступ. Отменить это нельзя.
close-name = Имя пользователя останется занятым, чтобы никого не приняли за вас.
close-label = Чтобы продолжить, введите имя пользователя: { $name }
close-other-name = Это не ваше имя пользователя. Введите его, как написано выше.
close-submit = Закрыть навсегда
closed-title = Ваша учётная запись закрыта
closed-what = Всё, что о вас хранилось, стёрто.
done-factor-first = Для той страницы нужен второй фактор. Настройте его здесь и вернитесь туда.
done-profile = Сведения изменены.
done-unchanged = Ничего не изменилось.
done-locale = Язык выбран.
done-contact = Подтверждено.
done-photo = Фотография сохранена.
done-photo-removed = Фотография удалена.
done-document = Документ отправлен.
done-document-removed = Документ удалён.
done-session = На том устройстве выполнен выход.
done-sessions = На всех других устройствах выполнен выход.
done-withdrawn = { $about } больше не имеет доступа к вашим сведениям.
done-password = Пароль изменён.
done-totp = Приложение для кодов настроено.
done-passkey = Ключ доступа добавлен.
done-renamed = Ключ переименован.
done-removed = Удалено.
done-channel = Коды включены.
done-representative = Представитель добавлен.
done-representative-removed = Представитель удалён.
notice-password-changed = { $name }, пароль вашей учётной записи в { $service } изменён. Если это были не вы, сразу обратитесь в поддержку.
notice-factor-added = { $name }, для вашей учётной записи в { $service } добавлен новый способ входа. Если это были не вы, сразу смените пароль.
notice-factor-removed = { $name }, для вашей учётной записи в { $service } удалён способ входа. Если это были не вы, сразу смените пароль.
notice-recovery-codes = { $name }, для вашей учётной записи в { $service } созданы новые запасные коды. Если это были не вы, сразу смените пароль.
notice-contact-changed = { $name }, у вашей учётной записи в { $service } теперь другой телефон или адрес почты, сюда сообщений больше не будет. Если это были не вы, сразу обратитесь в поддержку.
notice-account-closed = { $name }, ваша учётная запись в { $service } закрыта, данные стёрты. Если это были не вы, сразу обратитесь в поддержку.
