"""What impostors write to make a reader act, by kind of lure, in seven languages.

Such words prove nothing: banks and shops write them too. They tell what a mail is after once other facts speak against
its sender, so a phrase may be narrow and miss, but should leave the everyday letters of shops, banks and friends alone.

How phrases are written says `phrases`: here in lower case and without accents, as `lures` compares them; "ae?" for ä,
which people type as "a" or "ae".

Sources:
    None: written by hand for this program, not taken from any list or mail. How much of real mail they find has not
    been measured.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from watcher.model import Sentence
from watcher.phrases import Beginnings, first, pattern
from watcher.text import join_letters


@dataclass(frozen=True, slots=True)
class Lure:
    """One kind of lure."""

    about: Sentence
    """What mails with such words are about; in Japanese with 「メール」 at the end."""
    ja: str
    """Phrases in Japanese, written as the module says; and so on, by the languages' ISO 639-1 codes."""
    en: str
    de: str
    pt: str
    fr: str
    nl: str
    es: str


LANGUAGES: Final = ("ja", "en", "de", "pt", "fr", "nl", "es")
"""ISO 639-1 codes: the languages of `Lure`."""
_REACH: Final = {"ja": 16}
"""The longest stretch that "…" stands for, in characters; Japanese says more with fewer."""
_USUAL_REACH: Final = 40
_MOST: Final = 5000
"""Folded characters that are looked at: a single character may fold to eighteen."""
_PLAIN: Final = dict(zip("àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ‘’‐–—", "aaaaaaceeeeiiiinoooooouuuuyy''---", strict=True))
"""Letter for letter, so that what is found in the plain text stands at the same place in the folded one."""
_ACCENTED: Final = re.compile(f"[{''.join(_PLAIN)}]")  # far quicker than to translate each letter of a Japanese text


@lru_cache(8)
def lures(words: str) -> dict[str, str]:
    """The lures in a text: the name of each kind that is in it, and its first words there.

    Args:
        words: a subject or a text, as it stands in the mail; its first 5,000 characters are looked at.

    Returns:
        Keys of `LURES`, in its order, each with the words as they stand in the mail, neither clean nor cut.
    """
    folded = join_letters(words[:_MOST])
    plain = folded.text if folded.text.isascii() else _ACCENTED.sub(lambda letter: _PLAIN[letter[0]], folded.text)
    read = plain[:_MOST]
    places = _beginnings().find(read)
    found = ((kind, first(_pattern(kind), read, places[kind])) for kind in LURES if kind in places)
    return {kind: folded.original(match.start(), _word_end(plain, match.end())) for kind, match in found if match}


def _word_end(text: str, end: int) -> int:
    """Where the word ends in which a phrase does, in scripts that part their words."""
    while end < len(text) and text[end].isalpha() and text[end] < "\u2e80":
        end += 1
    return end


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    """One pattern for all languages: whoever writes from abroad mixes them."""
    reaches = ((getattr(LURES[kind], code), _REACH.get(code, _USUAL_REACH)) for code in LANGUAGES)
    return re.compile("|".join(pattern(phrases, reach) for phrases, reach in reaches))


@cache
def _beginnings() -> Beginnings:
    return Beginnings({kind: "|".join(getattr(lure, code) for code in LANGUAGES) for kind, lure in LURES.items()})


LURES: Final[Mapping[str, Lure]] = {
    "parcel": Lure(
        about=Sentence("荷物の配達を装うメール", "an undelivered parcel"),
        ja="(荷物|小包|郵便物|お届け物)…(できません|できない|できず|できなかった|(ご不在|不在)(のため|でした|につき)"
        "|持ち帰|持ち戻|保管|再配達|再配送|返送|差し戻|保留|配送情報|住所(の|に|が|を)?(ご)?(不備|不明|不足|誤|確認))"
        "|(お届け|配達|配送)(が|を)?(完了)?(できませんでした|できず|できなかった|に失敗|不能)|小包の配達|委託運送状"
        "|再配達(を|の|に|は)?(ご|お)?(依頼|申|手続|希望|手配|手数料|料)|不在(連絡|通知)|関税…(支払|未払|未納|保留)",
        en="(parcel|package|shipment)…((not|couldn't|can't) be (delivered|completed)|not delivered|undeliver"
        "|waiting for|awaiting|(is|been|being|was) (held|on hold|detained|stopped|returned|pending)|customs|(delivery"
        "|shipping|handling) (fee|charge)|(wrong|incorrect|incomplete) address)|(missed|failed|unsuccessful|pending"
        "|suspended) (delivery|parcel|package|shipment)|delivery (attempt|failed|failure|problem|exception|suspended"
        "|on hold)|(unable|attempted|tried) to deliver|reschedule (your|the) delivery|undelivered (parcel|package"
        "|item)|(redelivery|customs|clearance) (fee|charge)|unpaid (duty|postage)",
        de="(paket|sendung|lieferung|pae?ckchen)…(nicht (zugestellt|geliefert|ausgeliefert)|zurue?ckgehalten"
        "|wartet auf|angehalten|zollgebue?hr|(beim|vom) zoll|einbehalten|unzustellbar|zurue?ckgeschickt)|zustell(ung"
        "|versuch)…(fehlgeschlagen|gescheitert|erfolglos)|(erfolglos|fehlgeschlagen|verpasst)en? zustell|(zoll|versand"
        "|liefer|import|zustell)(gebue?hr|kosten)…(bezahlen|zahlen|begleich|offen|ausstehend)|neuen? (zustell"
        "|liefer)termin|lieferadresse…(unvollstae?ndig|falsch|ungue?ltig)",
        pt="(encomenda|pacote|objeto|mercadoria|remessa)…(nao (foi|pode|pude|sera)|retid[oa]|taxad[oa]|alfandega"
        "|aguardando|pendente|bloquead[oa]|devolvid[oa])|(taxa|tarifa|imposto)s? (de|da) (importacao|alfandega"
        "|liberacao)|(taxa|tarifa)s? (alfandegaria|aduaneira)|tentativa de entrega|nao (foi possivel"
        "|conseguimos) entregar|entrega (falhou|nao realizada|suspensa)|reagend(ar|e) (a|sua) entrega",
        fr="(colis|paquet)…(n'a (pas )?pu|ne peut|en attente|bloque|retenu|suspendu|douane|non livre|en suspens)"
        "|frais (de|d') ?(douane|dedouanement|livraison|affranchissement)…(payer|regl|impaye|acquitt)|frais de douane"
        "|(echec|tentative) de (la )?livraison|(reprogramm|replanifi)e[rz] (la|votre|une) (livraison|nouvelle)"
        "|adresse de livraison…(incorrecte|incomplete|erronee)",
        nl="(pakket|pakje|zending)…(niet (worden )?(bezorgd|afgeleverd|geleverd)|wacht op|vastgehouden|in de wacht"
        "|douane|invoerrecht|tegengehouden|teruggestuurd)|(douane|invoer|inklarings)(kosten|rechten)|(verzend"
        "|bezorg)kosten…(nog|betalen|voldoen|openstaan)|mislukte bezorg|bezorg(ing|poging) (is )?mislukt"
        "|bezorgadres…(onjuist|onvolledig|bevestig)|nieuwe? (bezorgmoment|bezorgafspraak)",
        es="(paquete|envio|encomienda)…(no (ha podido|pudo|se ha podido|se pudo|puede)|retenido|en espera|pendiente"
        "|aduana|detenido|devuelto|no entregado)|(tasas?|derechos|gastos|impuestos?) de (aduana|importacion)|(gastos"
        "|tasas?) de envio…(pag|pendiente|abon)|(intento|fallo) (de|en la) entrega|entrega fallida|reprogram(ar|e) (la"
        "|su) entrega|direccion de entrega…(incorrecta|incompleta|erronea)",
    ),
    "account": Lure(
        about=Sentence("アカウントの停止を装うメール", "a restricted account"),
        ja="(アカウント|利用|カード|取引|口座)…((?<!配信)(?<!配信を)(?<!配信の)(停止|制限|凍結|ロック|保留)(し(まし"
        "|てい|てお|ます)|され|いた|致|の(お知らせ|通知|解除|お願い)|中|措置|状態|とな|にな|を解除)|自動退会|強制退会"
        "|無効(化|に)|一時保留|(利用|使用)できなくな)|(アカウント|カード|口座)(の|を)?(利用)?(停止|制限|凍結|ロック)",
        en="(account|access|card|profile|membership|apple id) (has been|have been|is|was|will be|may be"
        "|are)( being)?( temporarily| permanently| currently)? (suspended|limited|locked|restricted|on hold|closed"
        "|deactivated|disabled|blocked|terminated|frozen)|(suspended|limited|locked|restricted|blocked|disabled"
        "|suspend|restrict|deactivate|terminate) your (account|access|card|profile)|account (suspended|locked"
        "|restricted|on hold|blocked|deactivated|suspension|restriction|termination|deactivation)"
        "|avoid (account )?(suspension|termination|deactivation)",
        de="(konto|account|zugang|karte|profil|banking)…(gesperrt|eingeschrae?nkt|deaktiviert|blockiert|ausgesetzt"
        "|eingefroren|stillgelegt|gesperrt werden)|(sperrung|einschrae?nkung|deaktivierung) (ihr|dein|de)(es|er|s"
        "|r) (konto|account|zugang|karte|kreditkarte|profil|online)|kontosperrung|kontoeinschrae?nkung",
        pt="(conta|acesso|cartao|perfil|cpf)…(foi|esta|sera|sido|ficara|temporariamente) (temporariamente )?(suspens"
        "|bloquead|restring|restrit|limitad|desativad|encerrad|cancelad)[oa]|(bloqueio|suspensao|desativacao"
        "|encerramento) (imediat[oa] |temporari[oa] )?d[aoe] (sua |seu )?(conta|acesso|cartao|perfil)|(conta|acesso"
        "|cartao) (suspens|bloquead|restrit|desativad)[oa]",
        fr="(compte|acces|carte|profil)…(a ete|est|sera|etre|temporairement) (temporairement )?(suspendu|bloque|limite"
        "|restreint|desactive|verrouille|cloture)|(suspension|blocage|limitation|restriction|desactivation"
        "|cloture) (temporaire )?(de|du) (votre )?(compte|acces|carte|profil)|(compte|carte|acces) (suspendu|bloque"
        "|restreint|desactive|verrouille)|suspendre votre (compte|acces|carte)",
        nl="(rekening|account|toegang|betaalpas|bankpas|creditcard)…(geblokkeerd|opgeschort|gedeactiveerd|geschorst"
        "|bevroren|vergrendeld|is beperkt|wordt beperkt|beperkt toegankelijk)|(blokkering|blokkade|deactivering"
        "|opschorting) van (uw|je) (rekening|account|toegang|betaalpas|bankpas)",
        es="(cuenta|acceso|tarjeta|perfil)…(ha sido|fue|esta|sera|temporalmente|queda) (temporalmente )?(suspendid"
        "|bloquead|restringid|limitad|desactivad|inhabilitad|cancelad)[oa]|(suspension|bloqueo|limitacion|restriccion"
        "|desactivacion) (temporal )?de (su |tu )?(cuenta|acceso|tarjeta|perfil)|(cuenta|tarjeta|acceso) (suspendid"
        "|bloquead|restringid|desactivad)[oa]|hemos (suspendido|bloqueado|limitado|restringido) (su|tu)",
    ),
    "identity": Lure(
        about=Sentence("本人確認を装うメール", "confirming an identity"),
        ja="本人様?(確認|認証)|(情報|アカウント|利用|登録内容|口座|カード)…(確認|認証|更新|再登録|再設定|入力)(が必要"
        "|のお願い|をお願い|のお手続|手続|してください|して下さい|していただ|する必要|の(ご)?依頼|を完了して)",
        en="(verify|confirm|validate|update|reverify|reconfirm|authenticate) your (account|identity|information"
        "|details|personal|card|wallet|bank|security|login|data|email account|mailbox)|(identity|account|information"
        "|card|email) (verification|validation|confirmation) (is )?(required|needed|pending|necessary)"
        "|verification (is )?required|(verify|confirm) (that )?(it's|it is|it was) you\\b",
        de="(bestae?tigen?|verifizieren?|aktualisieren?|validieren?|ue?berprue?fen) (sie )?(bitte )?(jetzt )?(ihre?n?"
        "|deine?n?) (konto|daten|identitae?t|angaben|kunden|persoe?nlich|bank|karten|kredit|account|zugang|profil)"
        "|(ihr|dein)(en?|er)? (konto|daten|identitae?t|angaben|kundendaten|kontodaten"
        "|persoe?nlichen daten)…(bestae?tigen|bestae?tigt werden|verifizieren|aktualisieren|validieren"
        "|aktualisiert werden)|datenabgleich|(identitae?ts|daten|konto|kunden)(prue?fung|verifizierung|bestae?tigung"
        "|aktualisierung)…(erforderlich|notwendig|durchfue?hren|ausstehend)",
        pt="(confirm|atualiz|valid|recadastr|regulariz)(e|ar) (agora )?(a |o |os )?(sua?s?|seus?) (conta|identidade"
        "|dados|informac|cadastr|acesso|perfil|cpf|dispositivo)|(verifique|verificar) (a |os )?(sua|seus) (conta"
        "|identidade|dados)|atualizacao (cadastral|obrigatoria|de cadastro)|recadastramento",
        fr="(confirm|verifi|valid|actualis|regularis)e[rz] (vos|votre) (compte|identite|informations|donnees"
        "|coordonnees|carte|profil|acces|dossier|situation)|(mettre|mettez|mise) a jour (de )?(vos|votre) (compte"
        "|informations|donnees|coordonnees|profil|dossier)|verification (de |d')(votre )?(identite|compte)",
        nl="(bevestig|verifieer|controleer|actualiseer|valideer|update)(en)? (uw|je|jouw) (gegevens|identiteit|account"
        "|rekening|persoonsgegevens|klantgegevens|informatie|profiel|bankpas)|(uw|je|jouw) (gegevens|identiteit"
        "|account|persoonsgegevens|klantgegevens)…(te bevestigen|te verifieren|bij te werken|te actualiseren)"
        "|identiteitscontrole|verificatie (is )?(vereist|verplicht|nodig)|identiteitsverificatie",
        es="(confirm|verific|verifiqu|actualic|actualiz|valid|regularic)(e|a|ar) (ahora )?(sus?|tus?|los|la) (cuenta"
        "|identidad|datos|informacion|acceso|perfil)|verificacion de (su |tu )?(identidad|cuenta)",
    ),
    "payment": Lure(
        about=Sentence("支払いを装うメール", "a payment"),
        ja="(支払|決済|引き?落とし|振替|料金|代金|会費)…(失敗|未納|未払|エラー|滞納|遅延|残高不足|承認されま|(確認"
        "|完了|処理|引き?落とし|振替|手続き|更新|決済)(が|を|は|することが)?(できません|できて|できず|できな|取れま)"
        "|方法(の|を)(ご)?更新|方法の変更(が必要|をお願い|のお願い|手続)|期限(が|を)過ぎ)|未納|決済エラー",
        en="payment…(failed|declined|unsuccessful|rejected|(not|couldn't|can't) be (processed|completed|collected)"
        "|(was|is) not (successful|completed|processed)|overdue|past due|(did not|didn't) go through)|(problem|issue"
        "|trouble|error) (with|processing|collecting) your (payment|billing|card|last|recent)|(unable to|could not"
        "|couldn't|failed to|cannot) (process|charge|collect|complete|authori[sz]e) your|(unpaid|overdue|outstanding"
        "|past due) (invoice|toll|fee|bill|balance|amount|fine|debt|payment)|(confirm|update) your (payment|billing)",
        de="(zahlung|abbuchung|lastschrift|zahlungsart|zahlungsmethode|kreditkarte)…(fehlgeschlagen|abgelehnt"
        "|zurue?ckgewiesen|ue?berfae?llig|gescheitert|abgelaufen|nicht (erfolgreich|moe?glich|verarbeitet|abgebucht"
        "|durchgefue?hrt|ausgefue?hrt|eingezogen))|(problem|fehler) (mit|bei) (ihrer|der|deiner) (zahlung|letzten"
        "|abbuchung)|(offene|unbezahlte|ausstehende)[rn]? (rechnung|betrag|forderung|zahlung|gebue?hr)|letzte (mahnung"
        "|zahlungs)|zahlungs(daten|informationen|methode|art)…(aktualisier|erneuer|bestae?tigen)|zahlungsaufforderung",
        pt="(pagamento|cobranca|fatura|boleto)…(nao (foi (aprov|proces|conclu|efet|autoriz|possivel)|pode)|recusad[oa]"
        "|falhou|rejeitad[oa]|pendente|em atraso|atrasad[oa]|vencid[oa]|negad[oa])|(falha|problema|erro) (no|na|com o"
        "|com a|ao processar) (seu |sua |o |a )?(pagamento|cobranca|fatura)|(divida|debito|multa)s? (pendente"
        "|em aberto|em atraso|vencid[oa])|atualiz(e|ar) (a |o )?(sua |seu )?(forma|meio) de pagamento",
        fr="(paiement|prelevement|reglement|transaction)…(echoue|refuse|rejete|n'a (pas )?(pu|ete|abouti)|en attente"
        "|impaye|en retard)|(echec|incident|rejet|defaut) (de|du) (votre |dernier )?(paiement|prelevement|reglement)"
        "|probleme (de|avec|lors) (votre |du )?(paiement|prelevement)|(amende|facture|somme|peage)s? (impaye|non regl)"
        "|mettre a jour (votre|vos) (mode|moyen|informations|coordonnees) (de paiement|bancaires)|mise en demeure",
        nl="(betaling|incasso|afschrijving|betaalmethode)…(mislukt|geweigerd|achterstallig|afgewezen|niet (gelukt"
        "|verwerkt|worden verwerkt|geslaagd|ontvangen|voldaan))|(probleem|fout) (met|bij) (uw|je|de) (betaling|betaal"
        "|incasso)|(openstaande?|onbetaalde?) (bedrag|betaling|factuur|rekening|schuld|saldo|boete)"
        "|betalingsachterstand|aanmaning|laatste (herinnering|sommatie)|betaalgegevens…bijwerken",
        es="(pago|cobro|recibo|domiciliacion)…(rechazad[oa]|fallid[oa]|ha fallado|no se (ha podido|pudo)|no (ha podido"
        "|pudo)|pendiente|vencid[oa]|impagad[oa]|denegad[oa]|declinad[oa])|(problema|error|fallo) (con|en|al) (su|tu"
        "|el|procesar) (pago|cobro|ultimo|metodo)|(deuda|multa|factura|importe|saldo)s? (pendiente|impagad[oa]"
        "|vencid[oa])|(actualic|actualiz)(e|a|ar) (su|tu|el) (metodo|forma|medio) de pago",
    ),
    "sign_in": Lure(
        about=Sentence("不正なログインなどの警告を装うメール", "a security alert"),
        ja="(不審|異常|覚えのない|心当たりのない|通常と異なる|通常とは異なる|いつもと(違う|異なる)|見慣れない|見知らぬ"
        "|新しい(デバイス|端末|場所|環境)|別の(デバイス|端末|場所)|未知の)…(ログイン|サインイン|アクセス|取引|利用"
        "|操作|アクティビティ)|不正(な|に)?(ご)?(ログイン|サインイン|アクセス|利用|取引|使用|送金)(が|を|の(可能性"
        "|疑い|恐れ|おそれ|試み)|され|と思われ|検知|検出)|第三者…(ログイン|アクセス|不正)|セキュリティ(上の理由|警告"
        "|アラート|リスク|システムの(更新|アップデート|強化))|ウイルスに?感染|アカウント…乗っ取",
        en="(unusual|suspicious|unauthori[sz]ed|unrecogni[sz]ed|unknown|abnormal|irregular) (account )?(sign in|log in"
        "|activity|access|device|attempt|transaction)|new (sign in|log in) (to|from|on|detected|attempt)|(sign in"
        "|log in|access)…(new device|unknown device|unrecogni|unusual location|new location)|security (alert|warning"
        "|breach|incident)|someone (has |just |recently )?(tried to|attempted to|(signed|logged) in)|(account|password"
        "|device|computer|pc) (has been|was|is|may be|may have been) (compromised|hacked|infected|at risk)"
        "|virus(es)? (detected|found)|(this|it) (was not|wasn't) you\\b",
        de="(ungewoe?hnlich|verdae?chtig|unbekannt|unbefugt|unberechtigt|nicht autorisiert"
        "|auffae?llig)e[rnsm]? (anmeld|log in|aktivitae?t|zugriff|transaktion|zugang|gerae?t|kontobewegung)"
        "|neue[rns]? (anmeldung|log in) (bei|auf|von)|sicherheits(warnung|alarm|vorfall|meldung)|(gerae?t|computer"
        "|konto)…(infiziert|kompromittiert|gehackt)|viren (gefunden|erkannt|entdeckt)|waren sie das",
        pt="(atividade|acesso|login|compra|transacao|movimentacao|inicio de sessao)s? (incomum|suspeit[oa]"
        "|desconhecid[oa]|anormal|invulgar|nao (autorizad|reconhecid)[oa])|(alerta|aviso) de seguranca|novo (acesso"
        "|login|dispositivo)…(detectad|identificad|registrad)|(detectamos|identificamos)…(atividade|acesso|login"
        "|tentativa|movimentac)|(conta|dispositivo|computador)…(comprometid|invadid|hackead)",
        fr="(connexion|activite|acces|tentative|transaction|operation)s?( de connexion)? (inhabituel|suspect|inconnu"
        "|frauduleu|anormal|non autorise|non reconnu)|alerte (de )?securite|nouvelle connexion (a|sur|depuis|detectee)"
        "|nouvel appareil…(connect|detect|enregistr)|(compte|appareil|ordinateur)…(compromis|pirate|infecte)|(detecte"
        "|constate|remarque) (une?|des) (activite|connexion|acces|tentative|operation)",
        nl="(ongebruikelijke|verdachte|onbekende|ongeautoriseerde|ongewone) (inlog|aanmeld|activiteit|toegang|log in"
        "|transactie|apparaat)|nieuwe (inlog|aanmelding) (op|bij|vanaf|poging)|(beveiligings|veiligheids)(waarschuwing"
        "|alert|incident)|(account|apparaat|computer)…(gehackt|gecompromitteerd|geinfecteerd|besmet)",
        es="(actividad|acceso|inicios? de sesion|intento|transaccion|operacion|movimiento|dispositivo)s?( de acceso"
        "| de inicio de sesion)? (inusual|sospechos[oa]|desconocid[oa]|no (autorizad|reconocid)[oa])|(alerta"
        "|aviso) de seguridad|nuevo inicio de sesion|nuevo dispositivo…(sesion|acced|vincul)|(detectado"
        "|detectamos) (un |una )?(actividad|acceso|inicio|intento|operacion)|(cuenta|dispositivo|equipo)…(comprometid)",
    ),
    "mailbox": Lure(
        about=Sentence("メールボックスやパスワードの期限を装うメール", "a full mailbox or an expiring password"),
        ja="(メールボックス|メール容量|メールの容量|受信箱|受信トレイ|ストレージ|保存容量|ディスク容量)…(上限|満杯"
        "|いっぱい|一杯|超過|不足|に達し|超え)|パスワード…(期限|失効)|(未受信|未配信|保留中|保留された"
        "|隔離された)(の)?(電子)?(メール|メッセージ)|メール(サーバー?|システム|アカウント)の?(更新|移行|有効期限)",
        en="(mailbox|inbox|storage|quota|icloud|cloud drive)…(is (almost |nearly )?full|almost full|exceeded"
        "|over quota|out of (storage|space)|running out|reached (its|the|your))|storage (is )?(full|limit)"
        "|quota (limit|warning)|password…(expire|expiring|expiration|expiry)|(held|pending|undelivered|quarantined"
        "|blocked|withheld) (incoming )?(email|mail|message)|(messages?|emails?|mails?) (is|are|were|was|have been"
        "|has been) (being )?(held|on hold|pending|blocked|quarantined|withheld|undelivered)|(keep"
        "|retain) (the )?(same|current|my|your) password",
        de="(postfach|mailbox|posteingang|speicher|speicherplatz|mail konto|kontingent)…(voll\\b|ue?berschritten"
        "|erschoe?pft|limit erreicht)|(passwort|kennwort)…(lae?uft|abgelaufen|ablae?uft|ungue?ltig)|(zurue?ckgehalten"
        "|ausstehend|blockiert|nicht zugestellt)e[nr]? (email|mail|nachricht)|(email|mail|nachricht)(en"
        "|s)?…(zurue?ckgehalten|in quarantae?ne|nicht zugestellt)|passwort (beibehalten|behalten)",
        pt="(caixa de (correio|entrada)|armazenamento|espaco|cota|nuvem)…(cheia?\\b|cheio|lotad[oa]|esgotad[oa]"
        "|excedid|excedeu|limite|atingiu)|(senha|palavra passe)…(expir|vencer|vence\\b)|(mensagem|mensagens"
        "|emails?)…(pendente|retid[oa]|bloquead[oa]|nao entregue|quarentena)",
        fr="(boite (mail|aux lettres|de reception|email)|messagerie|stockage|quota)…(pleine?\\b|sature|depasse|atteint"
        "|insuffisant|epuise)|mot de passe…(expire|expiration)|(messages?|emails?|mails?|courriels?)…(en attente"
        "|bloque|retenu|non (delivre|remis|distribue)|quarantaine)",
        nl="(postvak|mailbox|inbox|opslag|opslagruimte|opslaglimiet)…(vol\\b|overschreden|bereikt)"
        "|wachtwoord…(verloopt|verlopen|vervalt)|(berichten|emails?|mails)…(vastgehouden|in de wacht|geblokkeerd"
        "|niet (bezorgd|afgeleverd)|quarantaine)",
        es="(buzon|bandeja de entrada|almacenamiento|cuota|nube)…(llen[oa]|agotad[oa]|excedid|superad|limite)"
        "|contrasena…(caduc|expir|vence)|(mensajes?|correos?)…(pendiente|retenid|bloquead|no entregad|cuarentena)",
    ),
    "prize": Lure(
        about=Sentence("当選や謝礼を装うメール", "a prize"),
        ja="当選(しま|され|者に|おめでとう|通知|のお知らせ)|(ギフト(カード|券|コード)|商品券|賞品|賞金|景品|クオカード"
        "|電子マネー)…(当た|当選|獲得|受け取|受取|贈呈|差し上げ)|アンケート…(謝礼|ギフト|賞品|報酬|お礼)",
        en="(been|were|are) (randomly |specially )?(selected|chosen) (to (win|receive)|(for|as) (a|an|our|the) (prize"
        "|reward|gift|exclusive|winner))|you( have|'ve)?( just)? won (a|an|our)\\b|lucky winner|(claim|collect"
        "|redeem) (your|the|this) (free )?(prize|reward|gift|winnings|bonus)|unclaimed (prize|reward|money)"
        "|congratulations…(won\\b|winner|selected|prize|reward)|(survey|questionnaire)…(reward|gift|win\\b|prize)"
        "|gift card…(waiting|claim|winner|pending)|exclusive reward",
        de="(sie haben|du hast|haben sie)…gewonnen|sie wurden…ausgewae?hlt|(gewinn|prae?mie|belohnung"
        "|geschenkkarte)…(abhol|beansprucht?|anfordern|wartet auf)|glue?ckwunsch…(gewonnen|gewinn|ausgewae?hlt"
        "|prae?mie)|gewinnbenachrichtigung|(umfrage|befragung)…(gewinn|belohnung|prae?mie|geschenk)",
        pt="voce (ganhou um|foi (selecionad|sortead|escolhid|contemplad|premiad))|parabens…(ganhou|premio|selecionad"
        "|sortead)|(premio|recompensa|vale presente|cartao presente|brinde)…(resgat|reclam|liberad)|(pesquisa"
        "|questionario)…(premio|recompensa|brinde)",
        fr="vous avez (gagne une?\\b|remporte|ete (selectionne|choisi|tire))|felicitations…(gagne|selectionn|cadeau)"
        "|heureux gagnant|(cadeau|recompense|\\blot|bon d'achat)…(reclam|vous attend)|sondage…(recompense|cadeau)",
        nl="(u hebt|u heeft|je hebt|u bent|je bent)…(gewonnen|geselecteerd|uitgekozen|de winnaar)|gelukkige winnaar"
        "|gefeliciteerd…(gewonnen|winnaar|geselecteerd)|(prijs|beloning|cadeaukaart|cadeaubon)…(claim|ophalen|opeisen)"
        "|(enquete|vragenlijst)…(cadeau|beloning|prijs)",
        es="\\bhas? (sido )?(ganado un|seleccionad[oa]|elegid[oa] para|agraciad)|(felicidades|enhorabuena)…(ganado"
        "|ganador|premio|seleccionad)|(premio|recompensa|tarjeta regalo|regalo)…(reclam|canje)|(encuesta"
        "|cuestionario)…(premio|recompensa|regalo)",
    ),
    "refund": Lure(
        about=Sentence("還付や返金を装うメール", "a refund"),
        ja="還付金|給付金…(申請|受給|受け取|手続)|(返金|払い戻し)…(受け取|受取|未受領|対象|承認され)|税金?の?還付"
        "|過払い…(返|還|戻)|(国税|税金|住民税)(が|を|の)?(未納|滞納|未払)",
        en="(tax|vat|pending|outstanding|unclaimed|overpayment) (rebate|refund)|refund…(pending|waiting|claim|eligible"
        "|unclaimed|unsuccessful)|(eligible for|entitled to) (a|your|the) (tax )?(refund|rebate|reimbursement"
        "|compensation)|claim your (tax )?(refund|rebate)",
        de="steuer(rue?ck)?erstattung|(rue?ckerstattung|erstattung|rue?ckzahlung)…(beantragen|anfordern|wartet"
        "|ausstehend|genehmigt|nicht abgeholt|anspruch)|anspruch auf (eine )?(rue?ck|erstattung)",
        pt="(reembolso|restituicao|ressarcimento|estorno)…(disponivel|pendente|aguard|liberad|resgat|aprovad|direito)"
        "|valores a receber|malha fina|pendencias? (fiscal|fiscais|tributaria|no cpf)|imposto de renda…restitui",
        fr="remboursement…(en attente|disponible|eligible|percevoir|approuve|vous attend|d'impot)|trop percu"
        "|(beneficier|droit) (d'un|a un) remboursement|remboursement (fiscal|des impots)",
        nl="(belastingteruggaa?ve?|teruggave|terugbetaling|restitutie)…(aanvragen|wacht|staat klaar|openstaan"
        "|goedgekeurd|recht|beschikbaar)|recht op (een )?(teruggave|terugbetaling|restitutie)|belastingschuld",
        es="(reembolso|devolucion|reintegro)…(pendiente|disponible|aprobad|le espera|derecho)|(reembolso"
        "|devolucion) (de impuestos|fiscal|de la renta)|derecho a (un|una|la) (reembolso|devolucion|reintegro)",
    ),
    "invoice": Lure(
        about=Sentence("請求書や覚えのない注文を装うメール", "an invoice or an order"),
        ja="(覚え|心当たり)(の|が)?(ない|ありません)…(注文|購入|請求|決済)|(注文|購入|請求|決済)(に|が"
        "|は)?(お)?(身に覚え|心当たり)(の|が)?(ない|ありません)|(請求書|見積書|注文書|納品書|明細書)…(添付|ご査収"
        "|ダウンロード|開封)|添付…(請求書|注文書|見積書|納品書|明細|印刷)|注文をキャンセルするには",
        en="(did not|didn't|have not|haven't|never) (make|place|placed|authori[sz]ed?|recogni[sz]e|made) (this"
        "|the) (order|purchase|payment|transaction|charge)|(attached|open|download) (is |the |your )?(invoice"
        "|purchase order|remittance)|invoice (is )?attached|(invoice|remittance|purchase order)…(attached|attachment"
        "|download)|(cancel|dispute) (this|the) (order|charge|payment|transaction)|will be charged to your",
        de="(bestellung|zahlung|transaktion|kauf)…nicht (getae?tigt|aufgegeben|veranlasst|autorisiert|selbst)"
        "|bestellung stornieren|(rechnung|mahnung|lieferschein)…(im anhang|anbei|angehae?ngt|beigefue?gt"
        "|in der anlage)|(anbei|im anhang|in der anlage)…(rechnung|mahnung|auftrag)|ihr konto wurde…belastet",
        pt="nao (reconhece|realizou|fez|autorizou|efetuou) (esta|essa|a|este|esse|o) (compra|pedido|transacao"
        "|pagamento)|(compra|pix|transacao) (aprovad[oa]|no valor)…(cancel|reconhec|contest|ligue)|(nota fiscal|fatura"
        "|boleto|danfe|comprovante)…(em anexo|anexad|baixar|visualiz)|em anexo…(fatura|nota fiscal|boleto|comprovante)",
        fr="n'avez pas…(commande|achat|autorise|transaction)|(facture|bon de commande|devis)…(ci joint|piece jointe"
        "|telecharg)|(ci joint|piece jointe)…(facture|commande|devis)|(annuler|contester) cette (commande|transaction)",
        nl="(bestelling|aankoop|betaling|transactie)…niet (geplaatst|gedaan|zelf|door u|herken)|(bestelling"
        "|betaling) annuleren|(factuur|offerte|orderbevestiging)…(bijlage|bijgevoegd|download)|in de bijlage…factuur",
        es="no (reconoces?|hizo|autorizo|ha realizado|has realizado|realizo) (esta|este|la|el) (compra|pedido"
        "|transaccion|pago|cargo)|(factura|orden de compra|comprobante|presupuesto)…(adjunt|descarg)"
        "|adjunt[oa]…(factura|orden de compra|comprobante)|(cancelar|anular) (este|esta) (pedido|compra|cargo)",
    ),
    "points": Lure(
        about=Sentence("ポイントの失効を装うメール", "expiring points"),
        ja="(ポイント|マイル|クーポン|特典)…(失効|有効期限|期限切れ|期限が|消滅|無効)|未使用の?ポイント",
        en="(points|miles|rewards|bonus|credits|voucher)…(expire|expiring|expiry|be lost)|redeem your (points|miles)",
        de="(punkte|meilen|guthaben)…(verfall|verfae?ll|ablauf|lae?uft|ablae?uf|erloe?sch)",
        pt="(pontos|milhas)…(expir|vence|vencer)|resgat(e|ar) (seus|os seus) pontos",
        fr="(points|miles|cagnotte)…(expir|perdus?\\b|arrivent a echeance)",
        nl="(punten|miles|zegels|tegoed)…(verval|verloop|verlopen)",
        es="(puntos|millas|saldo)…(caduc|expir|vence|vencer)",
    ),
    "subscription": Lure(
        about=Sentence("契約や会員資格の終了を装うメール", "a subscription that ends"),
        ja="(サブスクリプション|会員資格|プライム会員|メンバーシップ|定期購読|ライセンス|ドメイン|ウイルス対策)…(期限"
        "|失効|終了|更新(が|され|でき|のお?手続|手続|のお願い)|自動更新|停止|満了)",
        en="(subscription|membership|licen[sc]e|trial|domain|antivirus|warranty)…(expire|expiring|has ended|will end"
        "|ends|cancell?ed|renewal failed|lapsed|terminated)|(renew|reactivate) your (subscription|membership)",
        de="(abonnement|\\babo|mitgliedschaft|lizenz|domain|virenschutz)…(lae?uft|abgelaufen|endet|verlae?ngern)",
        pt="(assinatura|inscricao|licenca|dominio|antivirus)…(expir|vence\\b|venceu|cancelad|suspens|terminou|renove)",
        fr="(abonnement|adhesion|licence|domaine|antivirus)…(expir|arrive a|prend fin|resilie|suspendu|renouvel)",
        nl="(abonnement|lidmaatschap|licentie|domein|virusscanner)…(verloopt|verlopen|eindigt|beeindigd|verleng)",
        es="(suscripcion|membresia|licencia|dominio|antivirus)…(expir|caduc|vence|finaliza|cancelad|suspendid|renueve)",
    ),
    "document": Lure(
        about=Sentence("書類の共有や署名を装うメール", "a shared document"),
        ja="(ドキュメント|ファイル|書類|文書|契約書|フォルダ)…(共有され|署名(を|が|して|の)|閲覧するには)|電子署名"
        "|署名(の)?依頼|(共有|署名)(された|待ち)の?(ファイル|書類|文書)|(fax|ファックス|ファクス)を?受信",
        en="shared (a|an|the) (document|file|folder|invoice) with you|(document|file|folder|agreement"
        "|contract)…(shared with you|has been shared|to sign|to be signed|for signature|your signature|\\besign)"
        "|review and sign|signature (request|required)|(secure|encrypted) (message|document|file)|(new|incoming) fax",
        de="(dokument|datei|vertrag|ordner)…(freigegeben|geteilt|unterschreiben|unterzeichnen|signieren|unterschrift)"
        "|(sichere|verschlue?sselte)[sn]? (nachricht|datei|dokument)|elektronische signatur",
        pt="(documento|arquivo|ficheiro|contrato|pasta)…(compartilhad|partilhad|assinar|assinatura)|assinatura digital",
        fr="(document|fichier|contrat|dossier)…(partage|a signer|signature)|signature electronique|message securise",
        nl="(document|bestand|contract)…(gedeeld|ondertekenen|handtekening)|(digitale|elektronische) handtekening"
        "|(beveiligd|versleuteld) (bericht|document)",
        es="(documento|archivo|contrato|carpeta)…(compartid|firmar|firma\\b)|firma (electronica|digital)",
    ),
    "crypto": Lure(
        about=Sentence("暗号資産を装うメール", "crypto money"),
        ja="(仮想通貨|暗号資産|ビットコイン|ウォレット|トークン|nft)…(受け取|受取|獲得|配布|請求|接続|移行|確認|検証"
        "|同期|凍結|復元)|エアドロップ|(リカバリー|シード|秘密の)フレーズ|秘密鍵",
        en="your wallet…(verif|validat|connect|sync|suspend|restrict|migrat|compromis)|(verify|connect"
        "|validate) your (crypto )?wallet|(recovery|seed|secret) phrase|private key|air drop…(claim|eligible|token"
        "|wallet)|(claim|eligible for|crypto|token) (the |your |our |an )?air drop|(claim"
        "|withdraw) (your )?(free )?(tokens?|bitcoin|btc|crypto|usdt|nft)|(bitcoin|crypto) (deposit|withdrawal|bonus"
        "|giveaway)",
        de="(krypto|bitcoin|wallet)…(verifizier|bestae?tigen|verbinden|synchronisier|auszahl|beanspruchen"
        "|gutgeschrieben|gesperrt|migrier)|(wiederherstellungs|seed )phrase|air drop…(sichern|anspruch|token)",
        pt="(criptomoedas?|bitcoins?|carteira digital|carteira cripto|tokens)…(resgat|verifi|valid|conect|sincroniz"
        "|bloquead|saque|sacar)|frase (de recuperacao|semente)|air drop…(resgat|receb|token|gratis)",
        fr="(crypto|bitcoin|votre portefeuille|jetons|wallet)…(verifi|valide|connect|synchronis|reclam|retirer|bloque"
        "|migr)|phrase (de recuperation|secrete)|air drop…(reclam|recev|jeton|gratuit)",
        nl="(crypto|bitcoin|wallet|tokens)…(verifi|valide|koppel|synchroniser|claim|geblokkeerd|migr|bevestig)"
        "|herstelzin|herstelfrase|air drop…(claim|gratis|token)",
        es="(criptomonedas?|bitcoins?|billetera|monedero|tokens)…(verifi|valide|conect|sincroniz|reclam|bloquead|retir"
        "|migr)|frase (de recuperacion|semilla)|air drop…(reclam|recib|gratis)",
    ),
}
"""Name of each kind → the kind."""
