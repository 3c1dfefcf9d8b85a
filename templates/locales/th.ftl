# ไทย
# Dates carry the year of the Thai calendar with its era (พ.ศ.), as public documents in Thailand do.

## Around every page
document-title = { $task } – { $service }
document-title-error = ข้อผิดพลาด: { $task } – { $service }
skip-to-content = ข้ามไปยังเนื้อหาหลัก
languages = ภาษา
help = ความช่วยเหลือ
privacy = ความเป็นส่วนตัว
cancel = ยกเลิก
cancel-client = ยกเลิกและกลับไปที่ { $client }
continue = ดำเนินการต่อ
back-to = กลับไปที่ { $name }
signed-in-as = คุณเข้าสู่ระบบในชื่อ { $person }
client-privacy = วิธีที่ข้อมูลของคุณถูกนำไปใช้
client-terms = ข้อกำหนดการใช้งาน

## Errors in forms
error-summary = มีสิ่งที่ต้องแก้ไข
form-stale = หน้านี้เปิดทิ้งไว้นานเกินไป ไม่มีข้อมูลสูญหาย โปรดส่งอีกครั้ง
server-busy = ขณะนี้มีผู้เข้าสู่ระบบจำนวนมาก โปรดรอสักครู่แล้วลองอีกครั้ง

## Sign-in
login-title = เข้าสู่ระบบ
login-title-client = เข้าสู่ระบบเพื่อใช้ { $client }
login-username = ชื่อผู้ใช้ อีเมล โทรศัพท์ หรือเลขประจำตัว
login-password = รหัสผ่าน
password-show = แสดง
password-hide = ซ่อน
login-submit = เข้าสู่ระบบ
login-phone = เข้าสู่ระบบด้วยรหัสที่ส่งไปยังโทรศัพท์
login-certificate = เข้าสู่ระบบด้วยใบรับรอง
login-register = สร้างบัญชี
login-bad-credentials = ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง โปรดตรวจสอบทั้งสองช่องแล้วลองอีกครั้ง
login-throttled = ลองผิดหลายครั้งเกินไป โปรดรอ { $wait } แล้วลองอีกครั้ง
login-username-missing = โปรดกรอกชื่อผู้ใช้
login-password-missing = โปรดกรอกรหัสผ่าน
duration-seconds = { $count } วินาที
duration-minutes = { $count } นาที

## การเข้าสู่ระบบด้วยโทรศัพท์ รหัส และปัจจัยที่สอง
login-passkey = เข้าสู่ระบบด้วยพาสคีย์
login-forgotten = ฉันลืมรหัสผ่าน
login-password-way = เข้าสู่ระบบด้วยรหัสผ่าน
phone-label = หมายเลขโทรศัพท์
phone-hint = พร้อมรหัสประเทศ เช่น +66 81 234 5678 เราจะส่งรหัสให้คุณ
phone-submit = ส่งรหัส
phone-missing = กรอกหมายเลขโทรศัพท์ของคุณ
phone-wrong = กรอกหมายเลขพร้อมรหัสประเทศ เช่น +66 81 234 5678
phone-other = ใช้หมายเลขอื่น
phone-disabled = บัญชีของหมายเลขนี้ถูกปิดใช้งาน โปรดติดต่อฝ่ายช่วยเหลือ
phone-needs-password = บัญชีของหมายเลขนี้ต้องใช้รหัสผ่านด้วย โปรดเข้าสู่ระบบด้วยรหัสผ่าน
code-title-phone = ตรวจดูโทรศัพท์ของคุณ
code-title-mail = ตรวจดูอีเมลของคุณ
code-title-application = เปิดแอปยืนยันตัวตนของคุณ
code-label = รหัส
code-sent = เราส่งรหัสหกหลักไปที่ { $to } แล้ว
code-lives = ใช้ได้อีก { $wait }
code-tries =
    { $count ->
       *[other] คุณลองได้ { $count } ครั้ง
    }
code-application = กรอกตัวเลขหกหลักที่แอปแสดงสำหรับบัญชีนี้
code-submit = ดำเนินการต่อ
code-missing = กรอกรหัส
code-wrong =
    { $count ->
       *[other] รหัสไม่ถูกต้อง ลองได้อีก { $count } ครั้ง
    }
code-exhausted = กรอกผิดหลายครั้งเกินไป รหัสนี้ใช้ไม่ได้แล้ว โปรดขอรหัสใหม่
code-expired = รหัสนี้หมดอายุแล้ว โปรดขอรหัสใหม่
code-too-early = เพิ่งส่งรหัสไปเมื่อครู่นี้ ขอรหัสใหม่ได้ในอีก { $wait }
code-too-many = มีการขอรหัสมากเกินไป ลองอีกครั้งในอีก { $wait }
resend = ส่งรหัสใหม่
resend-wait = ขอรหัสใหม่ได้ในอีก { $wait }
totp-wrong = รหัสไม่ถูกต้องหรือใช้ไปแล้ว รอรหัสถัดไปแล้วกรอก
recovery-title = กรอกรหัสสำรอง
recovery-label = รหัสสำรอง
recovery-hint = รหัสหนึ่งในชุดที่คุณจดไว้เมื่อตั้งค่าบัญชี แต่ละรหัสใช้ได้ครั้งเดียว
recovery-wrong = รหัสสำรองนี้ไม่ถูกต้องหรือใช้ไปแล้ว โปรดกรอกรหัสอื่น
way-passkey = ใช้พาสคีย์
way-totp = ใช้แอปยืนยันตัวตน
way-sms = ส่งรหัสไปที่โทรศัพท์ของฉัน
way-mail = ส่งรหัสไปที่อีเมลของฉัน
way-recovery = ใช้รหัสสำรอง
passkey-title = เข้าสู่ระบบด้วยพาสคีย์
passkey-what = โทรศัพท์ คอมพิวเตอร์ หรือกุญแจความปลอดภัยจะขอลายนิ้วมือ ใบหน้า หรือการปลดล็อกหน้าจอ
passkey-unable = ต้องใช้เบราว์เซอร์ที่รองรับพาสคีย์และ JavaScript หากไม่มีอะไรเกิดขึ้น โปรดใช้วิธีอื่น
passkey-failed = ยังไม่ได้ใช้พาสคีย์ ลองอีกครั้งหรือใช้วิธีอื่น
passkey-submit = ใช้พาสคีย์ของฉัน
passkey-refused = พาสคีย์นี้เปิดบัญชีที่นี่ไม่ได้ โปรดใช้พาสคีย์อื่นหรือเข้าสู่ระบบด้วยวิธีอื่น
message-code-subject = รหัสของคุณสำหรับ { $service }
message-code-sign-in = { $code } คือรหัสเข้าสู่ระบบ { $service } ของคุณ ใช้ได้ { $count } นาที อย่าบอกใคร
message-code-second-factor = { $code } คือรหัสของคุณสำหรับ { $service } ใช้ได้ { $count } นาที หากคุณไม่ได้กำลังเข้าสู่ระบบ แสดงว่ามีผู้รู้รหัสผ่านของคุณ โปรดเปลี่ยนรหัสผ่าน
notice-subject = ข่าวเกี่ยวกับบัญชีของคุณที่ { $service }
notice-recovery-code-used = { $name } มีการใช้รหัสสำรองเข้าสู่บัญชีของคุณที่ { $service } หากไม่ใช่คุณ โปรดเปลี่ยนรหัสผ่านทันที

## ข้อมูลที่ขาดและระดับการยืนยัน
optional = (ไม่บังคับ)
field-locked = บริการให้ค่านี้มา จึงแก้ไขที่นี่ไม่ได้
attribute-missing = กรอกช่องนี้
attributes-title = ขอข้อมูลเพิ่มอีกเล็กน้อย
attributes-title-client = { $client } ต้องการข้อมูลเพิ่มอีกเล็กน้อย
attributes-why = บัญชีของคุณยังไม่มีข้อมูลเหล่านี้
attributes-why-client = { $client } ให้บริการไม่ได้หากไม่มีข้อมูลเหล่านี้ คุณจะเห็นทุกอย่างที่จะส่งก่อนส่งจริง
level-title = ต้องตรวจสอบบัญชีของคุณก่อน
level-title-client = { $client } ต้องการบัญชีที่ตรวจสอบแล้ว
level-held = บัญชีของคุณตอนนี้
level-wanted = ระดับที่ต้องการ
level-how-now = ทำได้ตอนนี้
level-confirm-what = เราจะส่งรหัสไปที่ { $to } เมื่อยืนยันแล้ว โทรศัพท์และเลขประจำตัวของคุณจะถือว่ายืนยันแล้ว
level-how = วิธีที่จะได้ระดับนี้
level-how-1 = ยืนยันโทรศัพท์ด้วยรหัสและให้เลขประจำตัวที่หน้าบัญชีของคุณ แล้วเริ่มใหม่ที่บริการ
level-how-2 = ส่งภาพเอกสารของคุณจากหน้าบัญชี นายทะเบียนจะตรวจดูและแจ้งคุณ
level-how-3 = นำเอกสารไปที่ศูนย์บริการ นายทะเบียนจะตรวจสอบต่อหน้า หรือใช้ใบรับรองของผู้ออกที่เชื่อถือได้
level-account = ไปที่บัญชีของคุณ
level-back = กลับโดยไม่ทำ
level-back-client = กลับไปที่ { $client } โดยไม่ทำ
message-code-contact = { $code } คือรหัสยืนยันโทรศัพท์หรือที่อยู่นี้กับ { $service } ใช้ได้ { $count } นาที

## การสร้างบัญชีและการลืมรหัสผ่าน
register-title = สร้างบัญชีใหม่
register-kind = บัญชีนี้สำหรับใคร
register-kind-citizen = สำหรับตัวคุณเอง โดยใช้บัตรประจำตัวประชาชน
register-kind-juristic-person = สำหรับบริษัทหรือองค์กรที่คุณเป็นผู้แทน
register-kind-foreigner = สำหรับตัวคุณเอง โดยใช้หนังสือเดินทางต่างประเทศ
register-kind-government-agent = สำหรับงานของคุณในหน่วยงานของรัฐ
register-kind-missing = เลือกว่าบัญชีนี้สำหรับใคร
register-login = ฉันมีบัญชีอยู่แล้ว
register-back = ย้อนกลับ
register-details-title = ข้อมูลของคุณ
register-details-lead = กรอกทุกอย่างให้ตรงตามเอกสาร
register-last-name-hint = เว้นว่างไว้หากคุณมีชื่อเดียว
register-date-hint = ปี เดือน วัน (ค.ศ.) เช่น 1990-05-15
register-representative = ผู้มีอำนาจทำการแทนองค์กร
register-representative-hint = บุคคลหนึ่งคนที่มีอำนาจตามกฎหมายหรือหนังสือมอบอำนาจ เพิ่มคนอื่นได้ภายหลัง
register-contact-title = เราจะติดต่อคุณได้อย่างไร
register-contact-lead = กรอกหมายเลขโทรศัพท์หรืออีเมล เราจะส่งรหัสไปที่นั่น หากกรอกทั้งสอง รหัสจะส่งไปที่โทรศัพท์
register-contact-missing = กรอกหมายเลขโทรศัพท์หรืออีเมล
register-contact-other = ใช้หมายเลขหรืออีเมลอื่น
register-known-title = คุณมีบัญชีอยู่แล้ว
register-known-phone = มีบัญชีที่ใช้หมายเลขนี้อยู่แล้ว หากเป็นของคุณ โปรดเข้าสู่ระบบ
register-known-mail = มีบัญชีที่ใช้อีเมลนี้อยู่แล้ว หากเป็นของคุณ โปรดเข้าสู่ระบบ
register-known-sign-in = เข้าสู่บัญชีของฉัน
register-known-go-on = ไม่ใช่ของฉัน: สร้างบัญชีใหม่
register-password-title = เลือกรหัสผ่าน
register-username = ชื่อผู้ใช้ (ไม่บังคับ)
register-username-hint = ตัวอักษร และตัวเลขไม่เกินสี่ตัว หากเว้นว่าง เราจะตั้งชื่อให้ คุณใช้โทรศัพท์หรืออีเมลเข้าสู่ระบบได้เสมอ
register-terms = ฉันยอมรับข้อกำหนดการใช้งาน
register-terms-link = อ่านข้อกำหนด (เปิดในหน้าต่างใหม่)
register-terms-missing = ต้องยอมรับข้อกำหนดก่อนจึงจะสร้างบัญชีได้
register-submit = ยืนยันการสร้างบัญชี
username-length = ใช้ชื่อผู้ใช้ 3 ถึง 64 ตัวอักษร หรือเว้นว่างไว้
username-letters = ชื่อผู้ใช้ต้องมีตัวอักษร ใช้ตัวเลข จุด ขีด และขีดล่างได้ แต่ห้ามเว้นวรรค
username-digits = ชื่อผู้ใช้มีตัวเลขได้ไม่เกินสี่ตัว เพื่อไม่ให้สับสนกับหมายเลขของผู้อื่น
username-taken = ชื่อผู้ใช้นี้มีผู้อื่นใช้แล้ว โปรดเลือกชื่ออื่น
new-password-label = รหัสผ่านใหม่
new-password-hint = อย่างน้อย 8 ตัวอักษร คำหลายคำต่อกันจำง่ายแต่เดายาก
new-password-title = เลือกรหัสผ่านใหม่
new-password-title-invitation = เลือกรหัสผ่านสำหรับบัญชีของคุณ
new-password-submit = ตั้งรหัสผ่าน
forgotten-title = ตั้งรหัสผ่านใหม่
forgotten-what = บอกเราว่าคุณคือใคร เราจะส่งรหัสไปที่โทรศัพท์หรืออีเมลของบัญชีคุณ
forgotten-code-title = ตรวจดูโทรศัพท์และอีเมลของคุณ
forgotten-sent = หากมีบัญชีตามชื่อนี้ รหัสหกหลักถูกส่งไปที่โทรศัพท์หรืออีเมลของบัญชีแล้ว
password-set-title = ตั้งรหัสผ่านแล้ว
password-set-what = เข้าสู่ระบบด้วยรหัสผ่านใหม่ อุปกรณ์อื่นที่เคยเข้าสู่ระบบไว้ถูกออกจากระบบแล้ว
password-link-title = ลิงก์นี้ใช้ไม่ได้แล้ว
password-link-what = ลิงก์ถูกใช้ไปแล้วหรือหมดอายุ แต่ละลิงก์ใช้ได้ครั้งเดียว
password-link-do = ขอรหัสแทน
terms-title = ข้อกำหนดการใช้บัญชี
terms-true = ข้อมูลที่คุณให้เป็นความจริง และคุณจะปรับปรุงให้เป็นปัจจุบัน
terms-own = บัญชีเป็นของคุณหรือขององค์กรที่คุณเป็นผู้แทนเท่านั้น ห้ามให้ผู้อื่นใช้
terms-secret = เก็บรหัสผ่านและรหัสต่าง ๆ ไว้เป็นความลับ หากมีผู้อื่นรู้ โปรดแจ้งเราทันที
terms-use = เราให้ข้อมูลของคุณแก่บริการต่าง ๆ เมื่อคุณอนุญาตหรือเมื่อกฎหมายกำหนดเท่านั้น
terms-close = คุณปิดบัญชีได้ทุกเมื่อ
message-code-registration = { $code } คือรหัสสำหรับสร้างบัญชีที่ { $service } ใช้ได้ { $count } นาที ห้ามบอกผู้อื่น
message-code-registration-phone-known = { $code } คือรหัสของคุณสำหรับ { $service } มีผู้กำลังสร้างบัญชีด้วยหมายเลขนี้ ซึ่งมีบัญชีอยู่แล้ว หากเป็นคุณ ให้เข้าสู่ระบบด้วยโทรศัพท์หรือกรอกรหัสเพื่อเลือก ใช้ได้ { $count } นาที หากไม่ใช่คุณ ไม่ต้องทำอะไร
message-code-registration-mail-known = { $code } คือรหัสของคุณสำหรับ { $service } มีผู้กำลังสร้างบัญชีด้วยอีเมลนี้ ซึ่งมีบัญชีอยู่แล้ว หากเป็นคุณ ให้เข้าสู่ระบบด้วยรหัสผ่านหรือกรอกรหัสเพื่อเลือก ใช้ได้ { $count } นาที หากไม่ใช่คุณ ไม่ต้องทำอะไร
message-code-reset = { $code } คือรหัสสำหรับตั้งรหัสผ่านใหม่ที่ { $service } ใช้ได้ { $count } นาที หากคุณไม่ได้ขอ ไม่ต้องทำอะไร และห้ามบอกผู้อื่น
notice-account-made = { $name } สร้างบัญชีของคุณที่ { $service } แล้ว ชื่อผู้ใช้ของคุณคือ { $username } หากไม่ใช่คุณ โปรดแจ้งฝ่ายช่วยเหลือ
notice-identifier-used = { $name } มีผู้สร้างบัญชีอื่นที่ { $service } โดยใช้เลขประจำตัวของคุณ เลขนี้ยังไม่ได้ตรวจสอบ หากไม่ใช่คุณ โปรดแจ้งฝ่ายช่วยเหลือ
notice-password-set = { $name } มีการตั้งรหัสผ่านใหม่ให้บัญชีของคุณที่ { $service } หากไม่ใช่คุณ โปรดแจ้งฝ่ายช่วยเหลือทันที
notice-reset-not-possible = { $name } มีผู้ขอรหัสผ่านใหม่ให้บัญชีของคุณที่ { $service } รหัสที่ส่งมาที่นี่ใช้ไม่ได้ เพราะเป็นปัจจัยที่สองของคุณ หากเป็นคุณ โปรดติดต่อฝ่ายช่วยเหลือ

## Consent
consent-title = ให้ข้อมูลของคุณ
consent-title-client = ให้ข้อมูลของคุณแก่ { $client }
consent-caption = ข้อมูลที่จะให้หากคุณอนุญาต
consent-detail = ข้อมูล
consent-value = ค่า
consent-level = วิธีตรวจสอบ
consent-optional = (ไม่บังคับ)
consent-nothing = จะให้เฉพาะหมายเลขที่ใช้แทนตัวคุณเท่านั้น ไม่มีการขอข้อมูลอื่น
consent-also = และยังขอ
consent-remember = จดจำไว้ ครั้งหน้าไม่ต้องถามอีก
consent-remember-hint = ใช้กับสิ่งที่แสดงในหน้านี้เท่านั้น
consent-allow = อนุญาต
consent-deny = ไม่อนุญาต
level-0 = คุณกรอกเอง ยังไม่ได้ตรวจสอบ
level-1 = ยืนยันแล้ว
level-2 = ตรวจสอบกับทะเบียนแล้ว
level-3 = ตรวจสอบต่อหน้าหรือด้วยใบรับรองแล้ว
level-dated = { $level } เมื่อ { $date }
date = { $day } { $month } พ.ศ. { $buddhist }
month-1 = มกราคม
month-2 = กุมภาพันธ์
month-3 = มีนาคม
month-4 = เมษายน
month-5 = พฤษภาคม
month-6 = มิถุนายน
month-7 = กรกฎาคม
month-8 = สิงหาคม
month-9 = กันยายน
month-10 = ตุลาคม
month-11 = พฤศจิกายน
month-12 = ธันวาคม

## Errors
error-developer-title = ลิงก์เข้าสู่ระบบนี้ใช้ไม่ได้
error-developer-what = บริการที่ส่งคุณมาที่นี่ส่งคำขอไม่ถูกต้อง ไม่ใช่ความผิดของคุณ และบัญชีของคุณยังปลอดภัย
error-developer-do = กลับไปที่บริการนั้นแล้วลองอีกครั้ง หากยังไม่ได้ โปรดแจ้งรายละเอียดด้านล่างแก่ฝ่ายช่วยเหลือของบริการ
error-expired-title = หมดเวลาเข้าสู่ระบบ
error-expired-what = เพื่อความปลอดภัยของคุณ การเข้าสู่ระบบมีเวลาจำกัด หรือการเข้าสู่ระบบครั้งนี้เสร็จสิ้นไปแล้ว
error-expired-do = กลับไปที่บริการที่คุณมาแล้วเริ่มใหม่
error-other-browser-title = การเข้าสู่ระบบนี้เริ่มในเบราว์เซอร์อื่น
error-other-browser-what = เพื่อความปลอดภัยของคุณ ต้องเข้าสู่ระบบให้เสร็จในเบราว์เซอร์ที่เริ่มไว้
error-other-browser-do = กลับไปที่เบราว์เซอร์นั้น หรือเปิดบริการที่ต้องการในเบราว์เซอร์นี้แล้วเริ่มใหม่
error-unavailable-title = ขณะนี้เข้าสู่ระบบไม่ได้
error-unavailable-what = ขณะนี้เรายังให้บริการไม่ได้ ข้อมูลของคุณยังปลอดภัย
error-unavailable-do = โปรดรอสักครู่แล้วลองอีกครั้ง
error-not-found-title = ไม่พบหน้านี้
error-not-found-what = ที่อยู่อาจพิมพ์ผิด หรือหน้านี้ไม่มีแล้ว
error-not-found-do = โปรดตรวจสอบที่อยู่ หรือเริ่มจากบริการที่คุณต้องการใช้
error-internal-title = เกิดข้อผิดพลาดในระบบของเรา
error-internal-what = เป็นความผิดพลาดของเรา ไม่ใช่ของคุณ และเราได้บันทึกไว้แล้ว
error-internal-do = โปรดลองอีกครั้งในอีกไม่กี่นาที หากเกิดขึ้นอีก โปรดแจ้งรายละเอียดด้านล่างแก่ฝ่ายช่วยเหลือ
error-forbidden-title = ไม่อนุญาตให้ทำรายการนี้
error-forbidden-what = คุณหรือบริการที่ส่งคุณมาที่นี่ไม่มีสิทธิ์ทำรายการนี้
error-forbidden-do = หากคุณคิดว่าไม่ถูกต้อง โปรดแจ้งรายละเอียดด้านล่างแก่ฝ่ายช่วยเหลือ
error-too-many-title = คำขอมากเกินไป
error-too-many-what = มีคำขอจำนวนมากจากเครือข่ายของคุณในเวลาสั้น ๆ
error-too-many-do = โปรดรอสักครู่แล้วลองอีกครั้ง
error-details = รายละเอียดสำหรับฝ่ายช่วยเหลือ
error-code = ข้อผิดพลาด
error-description = คำอธิบาย
error-request-id = หมายเลขคำขอ

## Signing out
logout-title = ออกจากระบบหรือไม่
logout-client = { $client } ขอให้คุณออกจากระบบ
logout-what = คุณจะออกจากระบบที่นี่ หากต้องการใช้บริการอีก จะต้องเข้าสู่ระบบใหม่
logout-confirm = ออกจากระบบ
logout-stay = หากไม่ต้องการออกจากระบบ ให้ปิดหน้านี้
logged-out-title = คุณออกจากระบบแล้ว
logged-out-what = คุณออกจากระบบอย่างปลอดภัยแล้ว
logged-out-shared = หากมีผู้อื่นใช้อุปกรณ์นี้ด้วย โปรดปิดเบราว์เซอร์

## On the way back, and other pages
form-post-title = กำลังกลับ
form-post-title-client = กำลังกลับไปที่ { $client }
form-post-what = หากไม่มีอะไรเกิดขึ้นภายในไม่กี่วินาที ให้กดปุ่ม
code-title = รหัสของคุณ
code-what = คัดลอกรหัสนี้ไปใส่ในโปรแกรมที่ขอให้คุณเข้าสู่ระบบ
code-hint = รหัสใช้ได้ครั้งเดียวภายในไม่กี่นาที อย่าให้รหัสแก่ผู้อื่น
home-title = บัญชีเดียวสำหรับบริการภาครัฐ
home-what = ที่นี่คุณใช้บัญชีเดียวเข้าสู่ระบบบริการต่าง ๆ ของรัฐ
home-signed-out = คุณยังไม่ได้เข้าสู่ระบบ หากต้องการเข้าสู่ระบบ ให้เริ่มจากบริการที่คุณต้องการใช้
home-safety = เราไม่เคยถามรหัสผ่านของคุณทางโทรศัพท์ ข้อความ หรืออีเมล

attribute-username = ชื่อผู้ใช้
attribute-user_id = หมายเลขบัญชีของคุณที่นี่
attribute-kind = ประเภทบัญชี
attribute-level = ระดับของบัญชี
attribute-locale = ภาษา
attribute-address = ที่อยู่
attribute-organization = หน่วยงาน
kind-citizen = ประชาชน
kind-juristic-person = นิติบุคคล
kind-foreigner = ชาวต่างชาติ
kind-government-agent = เจ้าหน้าที่ของรัฐ
gender-female = หญิง
gender-male = ชาย
attribute-file = รูปภาพ

## What is wrong with a typed value, said beside its field
attribute-error-text = กรอก 1 ถึง 500 ตัวอักษรในบรรทัดเดียว
attribute-error-date = กรอกวันที่ที่มีอยู่จริงในรูปแบบ ปี ค.ศ.-เดือน-วัน เช่น 1990-05-15
attribute-error-past = กรอกวันที่ตั้งแต่ ค.ศ. 1900 ถึงวันนี้ในรูปแบบ ปี ค.ศ.-เดือน-วัน เช่น 1990-05-15
attribute-error-mail = กรอกอีเมล เช่น chue@example.org
attribute-error-phone = กรอกหมายเลขพร้อมรหัสประเทศ เช่น +66 81 234 5678
attribute-error-gender = เลือกหนึ่งในสองตัวเลือก
attribute-error-pattern = รูปแบบไม่ตรงตามที่กำหนด ตรวจกับเอกสารแล้วกรอกตามที่ปรากฏในเอกสาร
attribute-error-check-digit = หมายเลขนี้ไม่ถูกต้อง ตรวจกับเอกสารทีละหลัก
attribute-error-file = เลือกรูปภาพชนิด JPEG, PNG หรือ WebP

## รหัสผ่านที่ไม่รับ
password-too-short = เลือกรหัสผ่านที่มีอย่างน้อย 8 ตัวอักษร
password-too-long = เลือกรหัสผ่านที่มีไม่เกิน 128 ตัวอักษร
password-common = มีคนใช้รหัสผ่านนี้จำนวนมาก จึงถูกเดาได้ก่อน โปรดเลือกรหัสผ่านอื่น
password-personal = รหัสผ่านนี้เป็นชื่อ หมายเลข หรือที่อยู่ของคุณ โปรดเลือกรหัสผ่านที่ผู้อื่นไม่รู้
