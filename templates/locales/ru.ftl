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

## Consent
consent-title = Передача ваших данных
consent-title-client = Передача ваших данных в «{ $client }»
consent-caption = Что будет передано, если вы разрешите
consent-detail = Сведения
consent-value = Значение
consent-level = Как проверено
consent-optional = (по желанию)
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

## Signing out
logout-title = Выйти?
logout-client = «{ $client }» просит завершить ваш сеанс.
logout-what = Ваш сеанс здесь завершится. Чтобы снова пользоваться сервисами, нужно будет войти ещё раз.
logout-confirm = Выйти
logout-stay = Чтобы остаться в системе, закройте эту страницу.
logged-out-title = Вы вышли
logged-out-what = Вы благополучно вышли из системы.
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

attribute-username = Имя пользователя
attribute-user_id = Номер учётной записи
attribute-kind = Вид учётной записи
attribute-level = Уровень учётной записи
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
