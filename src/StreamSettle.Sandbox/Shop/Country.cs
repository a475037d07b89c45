namespace StreamSettle.Sandbox.Shop;

/// <summary>Where the shop sells: ISO 3166 code, a time zone there, and what merchants there charge in.</summary>
internal sealed record Country(string Code, string TimeZone, string Currency)
{
    public static IReadOnlyList<Country> All { get; } =
    [
        new("US", "America/New_York", "USD"), new("CA", "America/Toronto", "USD"), new("MX", "America/Mexico_City", "USD"),
        new("BR", "America/Sao_Paulo", "USD"), new("AR", "America/Argentina/Buenos_Aires", "USD"), new("CL", "America/Santiago", "USD"),
        new("GB", "Europe/London", "GBP"), new("IE", "Europe/Dublin", "EUR"), new("DE", "Europe/Berlin", "EUR"),
        new("FR", "Europe/Paris", "EUR"), new("ES", "Europe/Madrid", "EUR"), new("PT", "Europe/Lisbon", "EUR"),
        new("IT", "Europe/Rome", "EUR"), new("NL", "Europe/Amsterdam", "EUR"), new("BE", "Europe/Brussels", "EUR"),
        new("AT", "Europe/Vienna", "EUR"), new("FI", "Europe/Helsinki", "EUR"), new("GR", "Europe/Athens", "EUR"),
        new("PL", "Europe/Warsaw", "EUR"), new("SE", "Europe/Stockholm", "EUR"), new("CN", "Asia/Shanghai", "CNY"),
        new("HK", "Asia/Hong_Kong", "USD"), new("JP", "Asia/Tokyo", "JPY"), new("KR", "Asia/Seoul", "USD"),
        new("SG", "Asia/Singapore", "USD"), new("IN", "Asia/Kolkata", "USD"), new("AU", "Australia/Sydney", "USD"),
        new("NZ", "Pacific/Auckland", "USD"), new("KW", "Asia/Kuwait", "KWD"), new("ZA", "Africa/Johannesburg", "USD"),
    ];

    /// <summary>How many units of a currency one USD buys, roughly: for amounts that look right.</summary>
    public static decimal UnitsPerUsd(string currency) => currency switch
    {
        "EUR" => 0.92m,
        "GBP" => 0.79m,
        "JPY" => 150m,
        "CNY" => 7.2m,
        "KWD" => 0.31m,
        _ => 1m,
    };
}
