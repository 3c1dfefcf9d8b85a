# Монгол.

## Around every page
document-title = { $task } – { $service }
document-title-error = Алдаа: { $task } – { $service }
skip-to-content = Үндсэн агуулга руу шилжих
languages = Хэл
help = Тусламж
privacy = Хувийн мэдээллийн нууцлал
cancel = Цуцлах
cancel-client = Цуцлаад «{ $client }» үйлчилгээ рүү буцах
continue = Үргэлжлүүлэх
back-to = «{ $name }» үйлчилгээ рүү буцах
signed-in-as = Та { $person } нэрээр нэвтэрсэн байна.
client-privacy = Таны мэдээллийг хэрхэн ашигладаг вэ
client-terms = Үйлчилгээний нөхцөл

## Errors in forms
error-summary = Засах зүйл байна
form-stale = Энэ хуудас хэт удаан нээлттэй байлаа. Юу ч алдагдаагүй, дахин илгээнэ үү.
server-busy = Одоо хэт олон хүн нэвтэрч байна. Түр хүлээгээд дахин оролдоно уу.

## Sign-in
login-title = Нэвтрэх
login-title-client = «{ $client }» үйлчилгээнд нэвтрэх
login-username = Хэрэглэгчийн нэр, имэйл, утас эсвэл регистрийн дугаар
login-password = Нууц үг
password-show = Харуулах
password-hide = Нуух
login-submit = Нэвтрэх
login-phone = Утсанд ирэх кодоор нэвтрэх
login-certificate = Гэрчилгээгээр нэвтрэх
login-register = Бүртгэл үүсгэх
login-bad-credentials = Хэрэглэгчийн нэр эсвэл нууц үг буруу байна. Хоёуланг нь шалгаад дахин оролдоно уу.
login-throttled = Хэт олон удаа буруу оруулсан байна. { $wait } хүлээгээд дахин оролдоно уу.
login-username-missing = Хэрэглэгчийн нэрээ оруулна уу.
login-password-missing = Нууц үгээ оруулна уу.
duration-seconds = { $count } секунд
duration-minutes = { $count } минут

## Утсаар нэвтрэх, код ба хоёр дахь хүчин зүйл
login-passkey = Нэвтрэх түлхүүрээр нэвтрэх
login-forgotten = Би нууц үгээ мартсан
login-password-way = Нууц үгээр нэвтрэх
phone-label = Утасны дугаар
phone-hint = Улсын кодтой нь, жишээ нь +976 9911 2233. Бид код илгээнэ.
phone-submit = Код авах
phone-missing = Утасны дугаараа оруулна уу.
phone-wrong = Дугаарыг улсын кодтой нь оруулна уу, жишээ нь +976 9911 2233.
phone-other = Өөр дугаар ашиглах
phone-disabled = Энэ утастай бүртгэл хаагдсан байна. Тусламжийн албанд хандана уу.
phone-needs-password = Энэ утастай бүртгэл нууц үг бас шаарддаг. Нууц үгээр нэвтэрнэ үү.
code-title-phone = Утсаа шалгана уу
code-title-mail = Имэйлээ шалгана уу
code-title-application = Кодын аппликейшнээ нээнэ үү
code-label = Код
code-sent = Бид { $to } руу зургаан оронтой код илгээлээ.
code-lives = Код дахиад { $wait } хүчинтэй.
code-tries =
    { $count ->
       *[other] Танд { $count } оролдлого бий.
    }
code-application = Аппликейшн энэ бүртгэлд харуулж буй зургаан цифрийг оруулна уу.
code-submit = Үргэлжлүүлэх
code-missing = Кодоо оруулна уу.
code-wrong =
    { $count ->
       *[other] Код буруу байна. { $count } оролдлого үлдлээ.
    }
code-exhausted = Буруу оролдлого хэт олон тул энэ код хүчингүй боллоо. Шинэ код авна уу.
code-expired = Энэ кодын хугацаа дууссан. Шинэ код авна уу.
code-too-early = Код дөнгөж сая илгээгдсэн. Дараагийнхыг { $wait } дараа авч болно.
code-too-many = Хэт олон код хүссэн байна. { $wait } дараа дахин оролдоно уу.
resend = Шинэ код илгээх
resend-wait = Шинэ кодыг { $wait } дараа авч болно.
totp-wrong = Код буруу эсвэл ашиглагдсан байна. Дараагийнхыг хүлээгээд түүнийг оруулна уу.
recovery-title = Нөөц кодоо оруулна уу
recovery-label = Нөөц код
recovery-hint = Бүртгэлээ тохируулахдаа тэмдэглэж авсан кодын нэг. Код бүр нэг удаа хүчинтэй.
recovery-wrong = Энэ нөөц код буруу эсвэл ашиглагдсан байна. Өөрийг оруулна уу.
way-passkey = Нэвтрэх түлхүүр ашиглах
way-totp = Кодын аппликейшн ашиглах
way-sms = Утас руу минь код илгээх
way-mail = Имэйл рүү минь код илгээх
way-recovery = Нөөц код ашиглах
passkey-title = Нэвтрэх түлхүүрээр нэвтрэх
passkey-what = Утас, компьютер эсвэл аюулгүй байдлын түлхүүр хуруу, царай эсвэл дэлгэцийн түгжээ асууна.
passkey-unable = Үүнд нэвтрэх түлхүүр дэмждэг хөтөч, JavaScript хэрэгтэй. Юу ч болохгүй бол өөр арга сонгоно уу.
passkey-failed = Нэвтрэх түлхүүр ашиглагдсангүй. Дахин оролдох эсвэл өөр арга сонгоно уу.
passkey-submit = Нэвтрэх түлхүүрээ ашиглах
passkey-refused = Энэ нэвтрэх түлхүүр энд бүртгэл нээхгүй. Өөрийг ашиглах эсвэл өөрөөр нэвтэрнэ үү.
message-code-subject = Таны код: { $service }
message-code-sign-in = { $code } – { $service } руу нэвтрэх таны код. { $count } минут хүчинтэй. Хэнд ч бүү хэлээрэй.
message-code-second-factor = { $code } – { $service } дахь таны код. { $count } минут хүчинтэй. Хэрэв та нэвтрээгүй бол хэн нэгэн таны нууц үгийг мэдэж байна: солино уу.
notice-subject = Таны бүртгэлийн мэдээ: { $service }
notice-recovery-code-used = { $name }, { $service } дахь таны бүртгэлд нөөц кодоор нэвтэрлээ. Хэрэв та биш бол нууц үгээ даруй солино уу.

## Дутуу мэдээлэл ба түвшин
optional = (заавал биш)
field-locked = Энэ утгыг үйлчилгээ өгсөн. Энд өөрчлөх боломжгүй.
attribute-missing = Энийг бөглөнө үү.
attributes-title = Нэмэлт мэдээлэл
attributes-title-client = { $client } нэмэлт мэдээлэл шаардаж байна
attributes-why = Эдгээр мэдээлэл таны бүртгэлд алга.
attributes-why-client = Эдгээргүйгээр { $client } танд үйлчлэх боломжгүй. Илгээхээс өмнө дамжуулах бүхнийг та харна.
level-title = Эхлээд бүртгэл шалгагдсан байх ёстой
level-title-client = { $client } шалгагдсан бүртгэл шаарддаг
level-held = Таны бүртгэл одоо
level-wanted = Шаардлага
level-how-now = Одоо хийнэ үү
level-confirm-what = Бид { $to } руу код илгээнэ. Ингэснээр таны утас, регистрийн дугаар баталгаажна.
level-how = Хэрхэн авах вэ
level-how-1 = Бүртгэлийн хуудсандаа утсаа кодоор баталгаажуулж, регистрийн дугаараа оруулна уу. Дараа нь үйлчилгээнээс дахин эхэлнэ үү.
level-how-2 = Бүртгэлийн хуудаснаас бичиг баримтынхаа зургийг илгээнэ үү. Бүртгэгч үзэж, танд мэдэгдэл очно.
level-how-3 = Бичиг баримттайгаа үйлчилгээний төвд очно уу: бүртгэгч биечлэн шалгана. Итгэмжлэгдсэн төвийн гэрчилгээ ч болно.
level-account = Бүртгэл рүүгээ очих
level-back = Үүнгүйгээр буцах
level-back-client = Үүнгүйгээр { $client } руу буцах
message-code-contact = { $code } – { $service } дээр энэ утас эсвэл хаягийг баталгаажуулах код. { $count } минут хүчинтэй.

## Consent
consent-title = Мэдээллээ өгөх
consent-title-client = «{ $client }» үйлчилгээнд мэдээллээ өгөх
consent-caption = Та зөвшөөрвөл өгөх мэдээлэл
consent-detail = Мэдээлэл
consent-value = Утга
consent-level = Хэрхэн шалгасан
consent-optional = (заавал биш)
consent-nothing = Зөвхөн таныг төлөөлөх дугаарыг өгнө. Өөр мэдээлэл хүсээгүй байна.
consent-also = Мөн дараахыг хүсэж байна
consent-remember = Үүнийг санаж, дараагийн удаа асуухгүй байх
consent-remember-hint = Энэ нь зөвхөн энэ хуудсанд харуулсан зүйлд хамаарна.
consent-allow = Зөвшөөрөх
consent-deny = Зөвшөөрөхгүй
level-0 = Та өөрөө оруулсан, шалгаагүй
level-1 = Баталгаажсан
level-2 = Улсын бүртгэлтэй тулгасан
level-3 = Биечлэн эсвэл гэрчилгээгээр шалгасан
level-dated = { $level }, { $date }
date = { $year } оны { $month } сарын { $day }
month-1 = 1 дүгээр
month-2 = 2 дугаар
month-3 = 3 дугаар
month-4 = 4 дүгээр
month-5 = 5 дугаар
month-6 = 6 дугаар
month-7 = 7 дугаар
month-8 = 8 дугаар
month-9 = 9 дүгээр
month-10 = 10 дугаар
month-11 = 11 дүгээр
month-12 = 12 дугаар

## Бүртгэгч ба байгууллагын администратор
portal-search = Хайх
portal-search-clear = Бүгдийг дахин харуулах
portal-pages = Жагсаалтын хуудсууд
portal-previous = Өмнөх хуудас
portal-next = Дараагийн хуудас
portal-choose = Сонгоно уу
portal-missing = Энэ талбарыг бөглөнө үү.
portal-disabled = Хаагдсан
portal-reason = Шалтгаан
portal-reason-hint = Журналд хадгалагдана. Энд иргэний дугаар бүү бичээрэй.
portal-reason-missing = Шалтгааныг бичнэ үү.
portal-reason-long = Шалтгааныг нэг мөрөнд, 500 тэмдэгтээс ихгүй бичнэ үү.
people-found = Олдсон хүмүүс
people-waiting = Баримт нь шалгуулахаар хүлээж байгаа хүмүүс
people-officials = Албан хаагчид
people-name = Нэр
people-waiting-since = { $date }-с хойш хүлээж байна
people-none-found = Хэн ч олдсонгүй. Бичсэнээ шалгаад, эсвэл өөр мэдээллээр хайгаарай.
people-none-waiting = Хүлээж байгаа баримт алга. Хүн олохын тулд дээр хайна уу.
people-no-officials = Албан хаагч одоогоор алга. Эхнийхийг нэмнэ үү.
registrar-title = Хүмүүсийн мэдээллийг шалгах
registrar-search = Нэвтрэх нэр, регистрийн дугаар, имэйл, утас эсвэл нэрийн эхлэл
registrar-own = Энэ бол таны өөрийн бүртгэл. Таны мэдээллийг өөр бүртгэгч шалгах ёстой.
registrar-documents = Илгээсэн баримт
registrar-photo = Зураг, { $date }
registrar-document = Баримт, { $date }
registrar-unseen = Хараахан шалгаагүй
registrar-no-documents = Энэ хүн баримт илгээгээгүй.
registrar-mark-seen = Баримтыг шалгасан гэж тэмдэглэх
registrar-held = Бүртгэлд байгаа мэдээлэл
registrar-holds-nothing = Бүртгэлд мэдээлэл алга. Эзэн нь эхлээд мэдээллээ оруулах ёстой.
registrar-caption = Шалгасан зүйлээ тэмдэглэж, үсгийн алдааг засна уу
registrar-now = Одоо
registrar-then = Дараа нь
registrar-then-of = { $label }: дараах утга
registrar-level = Тэмдэглэсэн бүхний дараах түвшин
registrar-evidence = Та юуг үзсэн бэ
registrar-submit = Түвшнийг өөрчлөх
registrar-history = Түүх
registrar-history-level = түвшин { $level }, эх сурвалж: { $source }
registrar-back = Хайлт руу буцах
registrar-done = Түвшин өөрчлөгдлөө. Эзэнд нь мэдэгдсэн.
registrar-seen-done = Баримтыг шалгасан гэж тэмдэглэлээ.
registrar-level-0 = Шалгаагүй
registrar-level-1 = Кодоор баталгаажсан
registrar-level-2 = Баримт эсвэл бүртгэлээр шалгасан
registrar-level-3 = Биечлэн эсвэл гэрчилгээгээр шалгасан
registrar-none-chosen = Шалгасан зүйлээсээ дор хаяж нэгийг тэмдэглэнэ үү.
registrar-level-missing = Түвшнийг сонгоно уу.
registrar-evidence-missing = Үзсэн зүйлээ сонгоно уу.
registrar-evidence-weak = 3-р түвшин нь биечлэн ирсэн эсвэл гэрчилгээгээр нотолсон хүнд зориулагдсан. 2-р түвшин эсвэл өөр нотолгоо сонгоно уу.
registrar-taken = Өөр бүртгэл энэ дугаарыг шалгагдсан байдлаар эзэмшиж байна. Үргэлжлүүлэхийн өмнө тэр бүртгэлийг олно уу.
registrar-changed = Үүнийг энэ хооронд хэн нэгэн өөрчилжээ. Юу ч бичигдээгүй: одоогийн утгыг хараад дахин илгээнэ үү.
evidence-documents-sent = Илгээсэн баримтын хуулбар
evidence-face-to-face = Хүн өөрөө болон баримтын эх хувь
evidence-certificate = Итгэмжлэгдсэн байгууллагын гэрчилгээ
evidence-registry-extract = Бүртгэлийн лавлагаа
source-self = өөрөө
source-operator = оператор
source-registrar = бүртгэгч
source-agency = ажиллуулдаг байгууллага
agency-title = { $agency }: албан хаагчид
agency-search = Нэвтрэх нэр, регистрийн дугаар, имэйл эсвэл нэрийн эхлэл
agency-add = Албан хаагч нэмэх
agency-add-what = { $agency }-ийн бүртгэлд байгаагаар бичнэ үү. Албан хаагч нууц үгээ сонгох холбоосыг имэйлээр авна.
agency-add-submit = Бүртгэл үүсгэж, холбоос илгээх
agency-username-hint = Хоосон бол имэйл хаяг нь нэвтрэх нэр болно.
agency-username-taken = Энэ нэвтрэх нэр эзэнтэй. Өөрийг сонгоно уу.
agency-username-wrong = Нэг мөрөнд 128 тэмдэгтээс ихгүй бичнэ үү.
agency-taken = Энэ дугаараар энд бүртгэл үүсгэх боломжгүй. Бүртгэгчид хандана уу.
agency-back = Албан хаагчид руу буцах
agency-invited = Холбоосыг илгээлээ. Долоо хоногийн турш нэг удаа хүчинтэй.
agency-not-yet = Энэ албан хаагч нууц үгээ хараахан сонгоогүй байна.
agency-invite = Холбоосыг дахин илгээх
agency-not-invited = Энэ бүртгэлд холбоос илгээх боломжгүй.
agency-shut-out = Хаах
agency-shut-out-what = Бүртгэл хаа сайгүй шууд ажиллахаа болино. Зөвхөн оператор дахин нээж чадна.
agency-type-name = Баталгаажуулахын тулд { $username } нэвтрэх нэрийг бичнэ үү
agency-name-differs = Энэ бол энэ бүртгэлийн нэвтрэх нэр биш.
agency-own = Та өөрийгөө хааж болохгүй.
agency-shut-out-done = Бүртгэлийг хааж, эзэнд нь мэдэгдлээ.
notice-registrar = { $name }, { $service } дэх таны бүртгэлийн мэдээллийг бүртгэгч шалгалаа. Хэрэв та хүсээгүй бол тусламжид мэдэгдэнэ үү.
notice-invitation = { $name }, { $agency } танд { $service } дээр бүртгэл үүсгэлээ. Долоо хоногийн дотор нэг удаа энд нууц үгээ сонгоно уу: { $link }
notice-shut-out = { $name }, { $agency } таны { $service } дэх бүртгэлийг хаалаа. Андуурсан бол байгууллагадаа хандана уу.

## Errors
error-developer-title = Нэвтрэх энэ холбоос ажиллахгүй байна
error-developer-what = Таныг энд илгээсэн үйлчилгээ хүсэлтдээ алдаа гаргажээ. Энэ таны буруу биш, таны бүртгэл аюулгүй байна.
error-developer-do = Тухайн үйлчилгээ рүү буцаад дахин оролдоно уу. Болохгүй бол доорх мэдээллийг тэдний тусламжийн ажилтанд хэлнэ үү.
error-expired-title = Нэвтрэх хугацаа дууссан
error-expired-what = Таны аюулгүй байдлын үүднээс нэвтрэх хугацаа хязгаартай, эсвэл энэ нэвтрэлт аль хэдийн дууссан байна.
error-expired-do = Ирсэн үйлчилгээ рүүгээ буцаад шинээр эхэлнэ үү.
error-other-browser-title = Энэ нэвтрэлтийг өөр хөтөч дээр эхлүүлсэн байна
error-other-browser-what = Таны аюулгүй байдлын үүднээс нэвтрэлтийг эхлүүлсэн хөтөч дээрээ дуусгах ёстой.
error-other-browser-do = Тэр хөтөч рүүгээ буцах, эсвэл хэрэгтэй үйлчилгээгээ эндээс нээж шинээр эхэлнэ үү.
error-unavailable-title = Одоогоор нэвтрэх боломжгүй байна
error-unavailable-what = Бид түр хугацаанд танд үйлчлэх боломжгүй байна. Таны мэдээлэл аюулгүй.
error-unavailable-do = Хэдэн минут хүлээгээд дахин оролдоно уу.
error-not-found-title = Ийм хуудас алга
error-not-found-what = Хаягийг буруу бичсэн эсвэл хуудас энд байхаа больсон байж магадгүй.
error-not-found-do = Хаягаа шалгах, эсвэл хэрэгтэй үйлчилгээнээсээ эхэлнэ үү.
error-internal-title = Манай талд алдаа гарлаа
error-internal-what = Энэ таны биш, бидний алдаа. Бид үүнийг бүртгэж авлаа.
error-internal-do = Хэдэн минутын дараа дахин оролдоно уу. Дахин гарвал доорх мэдээллийг тусламжийн ажилтанд хэлнэ үү.
error-forbidden-title = Энэ үйлдлийг зөвшөөрөөгүй
error-forbidden-what = Танд эсвэл таныг энд илгээсэн үйлчилгээнд үүнийг хийх эрх алга.
error-forbidden-do = Үүнийг буруу гэж үзвэл доорх мэдээллийг тусламжийн ажилтанд хэлнэ үү.
error-too-many-title = Хэт олон хүсэлт
error-too-many-what = Таны сүлжээнээс богино хугацаанд маш олон хүсэлт ирлээ.
error-too-many-do = Хэдэн минут хүлээгээд дахин оролдоно уу.
error-details = Тусламжийн ажилтанд хэлэх мэдээлэл
error-code = Алдаа
error-description = Тайлбар
error-request-id = Хүсэлтийн дугаар

## Өөр хүнийг хүссэн
mismatch-iin-title = Энэ үйлчилгээ өөр хүнийг хүссэн байна
mismatch-iin-what = Үйлчилгээ хүлээж буй хүнээ хувийн дугаараар (ИИН) нэрлэсэн. Таны бүртгэлд өөр дугаар байна.
mismatch-iin-do = Хэрэв та тэр хүн мөн бол буцаад, тэр дугаартай бүртгэлээрээ нэвтэрнэ үү. Таны тухай юу ч үйлчилгээнд өгөөгүй.
mismatch-organisation-title = Та энэ байгууллагыг төлөөлдөггүй
mismatch-organisation-what = Үйлчилгээ { $number } дугаартай байгууллагын төлөөлөгчийг хүссэн. Та төлөөлөгчдийн жагсаалтад байхгүй, эсвэл таны өөрийн дугаар хараахан баталгаажаагүй байна.
mismatch-organisation-do = Байгууллагаасаа таныг төлөөлөгчөөр нэмэхийг хүсээд дахин эхлүүлнэ үү. Таны тухай юу ч үйлчилгээнд өгөөгүй.
mismatch-back = Үйлчилгээ рүү буцах

## Signing out
logout-title = Гарах уу?
logout-client = «{ $client }» таныг системээс гаргахыг хүсэж байна.
logout-what = Та эндээс гарна. Үйлчилгээг дахин ашиглахын тулд дахин нэвтрэх шаардлагатай.
logout-confirm = Гарах
logout-stay = Гарахгүй бол энэ хуудсыг хаана уу.
logged-out-title = Та гарлаа
logged-out-what = Та системээс аюулгүй гарлаа.
logged-out-shared = Энэ төхөөрөмжийг өөр хүн ашигладаг бол хөтчөө бас хаагаарай.

## On the way back, and other pages
form-post-title = Буцаж байна
form-post-title-client = «{ $client }» үйлчилгээ рүү буцаж байна
form-post-what = Хэдэн секундийн дотор юу ч болохгүй бол товчийг дарна уу.
code-title = Таны код
code-what = Энэ кодыг танаас нэвтрэхийг хүссэн программд хуулна уу.
code-hint = Код ганц удаа, хэдхэн минут хүчинтэй. Хэнд ч бүү өгөөрэй.
home-title = Төрийн үйлчилгээний нэг бүртгэл
home-what = Та эндээс нэг бүртгэлээр төрийн үйлчилгээнүүдэд нэвтэрнэ.
home-signed-out = Та нэвтрээгүй байна. Нэвтрэхийн тулд хэрэгтэй үйлчилгээнээсээ эхэлнэ үү.
home-safety = Бид нууц үгийг тань утсаар, мессежээр, и-мэйлээр хэзээ ч асуудаггүй.

attribute-username = Хэрэглэгчийн нэр
attribute-user_id = Энд байгаа бүртгэлийн дугаар
attribute-kind = Бүртгэлийн төрөл
attribute-level = Бүртгэлийн түвшин
attribute-locale = Хэл
attribute-address = Хаяг
attribute-organization = Байгууллага
kind-citizen = Иргэн
kind-juristic-person = Хуулийн этгээд
kind-foreigner = Гадаадын иргэн
kind-government-agent = Төрийн албан хаагч
gender-female = Эмэгтэй
gender-male = Эрэгтэй

## Татгалздаг нууц үг
password-too-short = Дор хаяж 8 тэмдэгттэй нууц үг сонгоно уу.
password-too-long = 128-аас илүүгүй тэмдэгттэй нууц үг сонгоно уу.
password-common = Энэ нууц үгийг олон хүн хэрэглэдэг тул хамгийн түрүүнд таадаг. Өөр нууц үг сонгоно уу.
password-personal = Энэ нууц үг нь таны нэр, дугаар эсвэл хаяг байна. Бусдын мэдэхгүй нууц үг сонгоно уу.
attribute-file = Зураг

## What is wrong with a typed value, said beside its field
attribute-error-text = 1-500 тэмдэгтийг нэг мөрөнд бичнэ үү.
attribute-error-date = Бодит огноог жил-сар-өдөр хэлбэрээр бичнэ үү, жишээ нь 1990-05-15.
attribute-error-past = 1900 оноос өнөөдрийг хүртэлх огноог жил-сар-өдөр хэлбэрээр бичнэ үү, жишээ нь 1990-05-15.
attribute-error-mail = Имэйл хаягаа ner@example.org хэлбэрээр бичнэ үү.
attribute-error-phone = Дугаарыг улсын кодтой нь бичнэ үү, жишээ нь +976 9911 2233.
attribute-error-gender = Хоёрын аль нэгийг сонгоно уу.
attribute-error-pattern = Энд шаардсан хэлбэрт тохирохгүй байна. Баримт бичигтэй тулгаад, тэнд байгаагаар нь бичнэ үү.
attribute-error-check-digit = Энэ дугаарт алдаа байна. Баримт бичигтэй тоо тус бүрээр нь тулгана уу.
attribute-error-file = JPEG, PNG эсвэл WebP зураг сонгоно уу.
