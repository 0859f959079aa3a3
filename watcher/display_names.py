"""What a display name says besides a name: that it is a team, a service, an offer. Such words leave the name alone.

"ADAC Kundenservice" and "LINE公式" give nobody but ADAC and LINE; "Ace Hardware Springfield" and "郵便局めぐり" do.
"""

from __future__ import annotations

import re
from unicodedata import east_asian_width

from watcher.text import fold

# fmt: off
_WORDS = frozenset((
    # English
    "a", "ab", "account", "accounts", "admin", "ag", "agency", "airdrop", "alert", "alerts", "and", "at", "backup",
    "bank", "banking", "benefits", "billing", "black", "bonus", "business", "card", "cards", "care", "center",
    "centre", "client", "clients", "club", "co", "com", "community", "company", "confirmation", "congratulations",
    "corp", "corporation", "coupon", "coupons", "courier", "customer", "customers", "de", "deal", "deals", "delivery",
    "department", "dept", "desk", "document", "documents", "email", "esign", "express", "for", "foundation", "free",
    "friday", "from", "gift", "gifts", "giveaway", "global", "gmbh", "group", "help", "helpdesk", "hotline", "inc",
    "info", "insights", "international", "invoice", "kg", "limited", "live", "llc", "loyalty", "ltd", "mail",
    "member", "members", "membership", "message", "messages", "monitor", "my", "network", "news", "newsletter", "no",
    "noreply", "notice", "notification", "notifications", "of", "offer", "offers", "office", "official", "online",
    "order", "orders", "package", "parcel", "partner", "partners", "payment", "payments", "plc", "points", "post",
    "premium", "prime", "prize", "program", "promo", "promotion", "promotions", "protection", "receipt", "renewal",
    "reply", "review", "reward", "rewards", "sa", "sales", "secure", "security", "server", "service", "services",
    "shipping", "shop", "sign", "staff", "status", "storage", "store", "subscription", "support", "survey", "team",
    "thank", "the", "to", "token", "tokens", "tracking", "update", "updates", "verification", "verified", "via",
    "voucher", "wallet", "welcome", "winner", "you", "your",
    # German
    "abteilung", "aktion", "angebot", "angebote", "belohnung", "belohnungen", "benachrichtigung", "bestätigung",
    "der", "die", "ein", "einkauf", "geschenk", "geschenkkarte", "gewinn", "gewinner", "gewinnspiel", "gutschein",
    "gutscheine", "ihr", "ihre", "im", "konto", "kunde", "kunden", "kundendienst", "kundenservice", "lieferung",
    "nachricht", "paket", "rechnung", "sicherheit", "umfrage", "und", "vom", "von", "vorteile", "zustellung",
    # French
    "alerte", "assistance", "bon", "cadeau", "carte", "chez", "colis", "compte", "concours", "conseil", "du",
    "enquête", "et", "facture", "fidélité", "gagnant", "la", "le", "les", "livraison", "offre", "offres", "par",
    "sondage", "suivi", "sécurité", "votre", "équipe",
    # Portuguese, Spanish, Italian
    "al", "alerta", "assistência", "atendimento", "aviso", "avisos", "ayuda", "banco", "brasil", "central", "cliente",
    "clientes", "comunicado", "confirmación", "conta", "cuenta", "da", "das", "del", "do", "dos", "e", "el", "en",
    "encomenda", "entrega", "entregas", "envío", "equipe", "equipo", "fatura", "il", "informa", "notifica",
    "notificación", "notificação", "oferta", "ofertas", "oficial", "paquete", "para", "pedido", "pontos", "por",
    "premio", "premios", "programa", "promoção", "prêmio", "puntos", "recompensas", "s", "seguimiento", "segurança",
    "seguridad", "servicio", "serviço", "soporte", "sorteo", "su", "sua", "suporte", "tu", "urgente", "y",
    # Dutch
    "aanbieding", "bezorging", "cadeaukaart", "het", "klant", "klanten", "klantenservice", "met", "nederland",
    "pakket", "uw", "van", "veiligheid", "winnaar",
))
_JAPANESE = re.compile(
    "株式会社|有限会社|合同会社|一般社団法人|公式|会員|会社|事務局|運営|窓口|係|担当|本部|本店|支店|センター|サポート|"
    "サービス|カスタマー|顧客|お客様|お客さま|相談室|ショップ|ストア|オンライン|オフィシャル|アカウント|ニュース|メール|通知|"
    "配信|自動|お知らせ|知らせ|ご案内|案内|重要|緊急|至急|確認|警告|情報|セキュリティ|メッセージ|カード|ポイント|キャンペーン|"
    "ギフト|プレゼント|チーム|グループ|さま|様|より|から|の|を|は|・|ー"
)
# fmt: on
_OTHERS = re.compile(
    "ファン|修理|工房|ob会|og会|同窓会|労働組合|労組|組合|勉強会|研究会|読書会|ファンクラブ|同好会|愛好会|愛好家|後援会|友の会|保護者会|互助会|"
    "教室|スクール|セミナー|講座|塾|ユーザー会|ユーザ会|被害者の会|代理店|販売店|取扱店|特約店|加盟店|"
    r"\b(?:alumni|fan ?club|fans|meetup|mvp|reseller|dealer|retailer|union|user group|users|workers|works council|"
    r"betriebsrat|gewerkschaft|fanclub|syndicat|sindicato|vakbond)\b"
)
"""What people who have to do with a brand call themselves: its former staff, its users, those who teach its use."""
_TOKEN = re.compile(r"[^\W\d_]+|\d+")


def is_another(name: str) -> bool:
    """Whether a display name is that of people who gather round a brand, not of the brand: 東京電力労働組合."""
    return _OTHERS.search(fold(name).text) is not None


def weight(words: str) -> int:
    """How much of a display name words take up: letters and digits, those of full width (漢字, かな) counted twice."""
    return sum(1 + (east_asian_width(letter) in "WF") for letter in words if letter.isalnum())


def rest(name: str, words: str = "") -> int:
    """The weight of what neither belongs to `words` nor leaves a name alone.

    Args:
        name: the display name.
        words: what was found in it, exactly as it stands there.
    """
    without = _JAPANESE.sub(" ", fold(name.replace(words, " ") if words else name).text)
    return sum(weight(token) for token in _TOKEN.findall(without) if not token.isdecimal() and token not in _WORDS)
