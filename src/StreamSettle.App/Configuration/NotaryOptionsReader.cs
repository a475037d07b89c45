using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using StreamSettle.Audit.Marten.Notarising;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Notaries.Ethereum;
using StreamSettle.Audit.Notaries.TimeStamps;
using StreamSettle.Kernel.Addresses;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Money;

namespace StreamSettle.App.Configuration;

/// <summary>Reads the section <c>Audit:Notary</c>.</summary>
static class NotaryOptionsReader
{
    const string Section = "Audit:Notary";
    const string ChainSection = $"{Section}:Ethereum";
    const string StampSection = $"{Section}:Rfc3161";

    /// <summary>A token or a password with its scheme.</summary>
    const int MaxSecretBytes = 64 * 1024;

    /// <summary>Null where no notary is configured: then nothing is notarised.</summary>
    public static NotarySettings? Read(ConfigurationReader reader, bool isSealed)
    {
        var defaults = new NotaryOptions();
        var options = defaults with { Interval = reader.Duration($"{Section}:Interval", defaults.Interval), SplitsAbove = SplitsAbove(reader) };
        reader.Add(options.Problems(Section));
        var (chain, stamps) = (Chain(reader), Stamps(reader));
        if (chain is null && stamps is null)
        {
            if (options.SplitsAbove != SplitAmounts.None || reader.Text($"{Section}:Interval") is not null)
            {
                reader.Add($"{Section} has settings, but no notary: set {ChainSection}:Url or {StampSection}:Url, or remove them.");
            }

            return null;
        }

        if (!isSealed)
        {
            reader.Add($"{Section} has notaries, but nothing that they could testify to: they are given seals. Set Audit:Seal:KeyFile.");
        }

        return new(options, chain, stamps);
    }

    /// <summary>By what notaries' evidence is checked, as configured; both null where nothing is.</summary>
    public static (TrustRoots? Roots, EthereumNode? Node) Check(ConfigurationReader reader) =>
        (Roots(reader), Url(reader, $"{ChainSection}:Url") is { } url ? new(url, Authorization(reader, ChainSection), new EthereumOptions { Url = url, Account = "", ChainId = 0 }.Timeout) : null);

    /// <exception cref="UserMistakeException">It is none.</exception>
    public static Uri ReadUrl(string name, string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0 && url.UserInfo.Length == 0 && url.Fragment.Length == 0
        ? url : throw new UserMistakeException($"{name} must be an http or https URL without user name and fragment, but is '{ShownUrl.Of(text)}'.");

    static EthereumOptions? Chain(ConfigurationReader reader)
    {
        var (url, account, chain, to) = (Url(reader, $"{ChainSection}:Url"), reader.Text($"{ChainSection}:Account"), reader.Text($"{ChainSection}:ChainId"), reader.Text($"{ChainSection}:To"));
        var (confirmations, authorization) = (reader.WholeOrNull($"{ChainSection}:Confirmations"), Authorization(reader, ChainSection));
        if (url is null)
        {
            if (reader.Text($"{ChainSection}:Url") is null && (account ?? chain ?? to ?? confirmations?.ToString(CultureInfo.InvariantCulture)) is not null)
            {
                reader.Add($"{ChainSection} has settings, but no node: set {ChainSection}:Url, or remove them.");
            }

            return null;
        }

        var defaults = new EthereumOptions
        {
            Url = url, Account = reader.Required($"{ChainSection}:Account", "the address that pays, whose key the node holds"),
            ChainId = Id(reader, reader.Required($"{ChainSection}:ChainId", "the chain's id, such as 1 for Ethereum's main chain")), To = to, Authorization = authorization,
        };
        var options = defaults with { Confirmations = confirmations ?? defaults.Confirmations };
        reader.Add(options.Problems(ChainSection).Where(problem => (account is not null || !problem.Contains(":Account", StringComparison.Ordinal)) && (chain is not null || !problem.Contains(":ChainId", StringComparison.Ordinal))));
        return options;
    }

    /// <summary>0, which no chain has, where it is missing.</summary>
    static long Id(ConfigurationReader reader, string text)
    {
        if (text.Length == 0 || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return text.Length == 0 ? 0 : long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        reader.Add($"{ChainSection}:ChainId must be a whole number in decimal digits, but is '{text}'.");
        return 1;
    }

    static TimeStampOptions? Stamps(ConfigurationReader reader)
    {
        var (url, roots, policy, authorization) = (Url(reader, $"{StampSection}:Url"), Roots(reader), reader.Text($"{StampSection}:Policy"), Authorization(reader, StampSection));
        if (policy is not null && !(policy.Split('.') is { Length: > 1 } parts && parts.All(part => part.Length > 0 && part.All(char.IsAsciiDigit))))
        {
            reader.Add($"{StampSection}:Policy must be an OID such as 1.2.3.4.1, but is '{policy}'.");
        }

        if (url is null)
        {
            // Roots alone are for who only verifies.
            if (policy is not null && reader.Text($"{StampSection}:Url") is null)
            {
                reader.Add($"{StampSection} has settings, but no authority: set {StampSection}:Url, or remove them.");
            }

            return null;
        }

        if (roots is null && reader.Text($"{StampSection}:TrustRoots") is null)
        {
            reader.Add($"{StampSection}:TrustRoots is missing: set it to a PEM file with the root certificates by which the authority's stamps are trusted.");
        }

        return roots is null ? null : new() { Url = url, Roots = roots, Policy = policy, Authorization = authorization };
    }

    static TrustRoots? Roots(ConfigurationReader reader)
    {
        const string key = $"{StampSection}:TrustRoots";
        return reader.FilePath(key) is { } file ? Try(reader, key, () => TrustRoots.ReadFile(file)) : null;
    }

    static Uri? Url(ConfigurationReader reader, string key) => reader.Text(key) is { } text ? Try(reader, null, () => ReadUrl(key, text)) : null;

    /// <summary>The header's value: <c>Bearer ...</c>, <c>Basic ...</c>. The message shows nothing of it.</summary>
    static AuthenticationHeaderValue? Authorization(ConfigurationReader reader, string section)
    {
        var (text, file) = (reader.Text($"{section}:Authorization"), reader.FilePath($"{section}:AuthorizationFile"));
        if (text is not null && file is not null)
        {
            reader.Add($"{section}:Authorization and {section}:AuthorizationFile are both set: keep one.");
            return null;
        }

        var value = file is null ? text : Try(reader, $"{section}:AuthorizationFile", () => Secret(file));
        if (value is null)
        {
            return null;
        }

        if (AuthenticationHeaderValue.TryParse(value, out var header) && header.Parameter is not null)
        {
            return header;
        }

        reader.Add($"{section}:Authorization{(file is null ? "" : "File")} must give a scheme and its value, such as Bearer and a token.");
        return null;
    }

    static string Secret(string file)
    {
        try
        {
            return new FileInfo(file).Length > MaxSecretBytes ? throw new UserMistakeException($"'{file}' is no secret: it has more than {MaxSecretBytes} bytes.") : File.ReadAllText(file, Encoding.UTF8).TrimEnd('\r', '\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UserMistakeException($"'{file}' cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Amounts in whole and decimal units of each currency, as people write them.</summary>
    static SplitAmounts SplitsAbove(ConfigurationReader reader)
    {
        List<(Currency, long)> amounts = [];
        foreach (var (code, text) in reader.Named($"{Section}:SplitsAbove"))
        {
            if (!Currency.TryParse(code, out var currency))
            {
                reader.Add($"{Section}:SplitsAbove:{code} must name a currency by its three capital letters (ISO 4217).");
            }
            else if (!DecimalAmount.TryParse(Encoding.UTF8.GetBytes(text ?? ""), out var amount) || !amount.TryToMinor(currency.Digits, out var minor) || minor < 0)
            {
                reader.Add($"{Section}:SplitsAbove:{code} must be an amount of at most {currency.Digits} decimals, such as 10000, but is '{text}'.");
            }
            else
            {
                amounts.Add((currency, minor));
            }
        }

        return amounts.Count == 0 ? SplitAmounts.None : SplitAmounts.Of(amounts);
    }

    static T? Try<T>(ConfigurationReader reader, string? setting, Func<T> read) where T : class
    {
        try
        {
            return read();
        }
        catch (UserMistakeException mistake)
        {
            reader.Add(setting is null ? mistake.Message : $"{setting}: {mistake.Message}");
            return null;
        }
    }
}
