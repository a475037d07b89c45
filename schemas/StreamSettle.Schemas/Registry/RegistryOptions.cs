using System.Globalization;
using StreamSettle.Kernel.Addresses;
using StreamSettle.Schemas.Registry.Trust;
using Names = Confluent.SchemaRegistry.SchemaRegistryConfig.PropertyNames;

namespace StreamSettle.Schemas.Registry;

/// <summary>Where the schema registry is, and how one gets in. Configuration section <c>SchemaRegistry</c>.</summary>
public sealed record RegistryOptions
{
    /// <summary>Before the names of all of the client's settings.</summary>
    public const string Prefix = "schema.registry.";

    /// <summary>How long one address is given for an answer, where nothing else is set. Source: a registry answers within milliseconds, and nothing waits in vain for a second try.</summary>
    const int DefaultTimeoutMs = 5_000;

    static readonly HashSet<string> Numbers =
    [
        Names.SchemaRegistryRequestTimeoutMs, Names.SchemaRegistryMaxRetries, Names.SchemaRegistryRetriesWaitMs, Names.SchemaRegistryRetriesMaxWaitMs, Names.SchemaRegistryMaxConnectionsPerServer,
        Names.SchemaRegistryMaxCachedSchemas,
    ];

    static readonly HashSet<string> Known =
    [
        .. Numbers, Names.SchemaRegistryUrl, Names.SchemaRegistryLatestCacheTtlSecs, Names.SchemaRegistryBasicAuthCredentialsSource, Names.SchemaRegistryBasicAuthUserInfo,
        Names.SchemaRegistryBearerAuthCredentialsSource, Names.SchemaRegistryBearerAuthToken, Names.SchemaRegistryBearerAuthLogicalCluster, Names.SchemaRegistryBearerAuthIdentityPoolId,
        Names.SchemaRegistryBearerAuthClientId, Names.SchemaRegistryBearerAuthClientSecret, Names.SchemaRegistryBearerAuthScope, Names.SchemaRegistryBearerAuthTokenEndpointUrl,
        Names.SchemaRegistryBearerAuthTokenEndpointQuery, Names.SslCaLocation, Names.SslKeystoreLocation, Names.SslKeystorePassword, Names.EnableSslCertificateVerification,
    ];

    /// <summary>Settings of Confluent's client by its names, such as <c>schema.registry.url</c>. Among the values are secrets.</summary>
    public required IReadOnlyDictionary<string, string> Client { get; init; }

    /// <summary>The registry's addresses, as they may be shown.</summary>
    public string Address => string.Join(", ", Urls.Select(ShownUrl.Of));

    /// <summary>One try an address, unless told otherwise: whoever asks comes again by himself.</summary>
    internal IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(Client)
    {
        [Names.SchemaRegistryUrl] = string.Join(',', Urls),
        [Names.SchemaRegistryMaxRetries] = Client.GetValueOrDefault(Names.SchemaRegistryMaxRetries, "1"),
        [Names.SchemaRegistryRequestTimeoutMs] = Client.GetValueOrDefault(Names.SchemaRegistryRequestTimeoutMs, DefaultTimeoutMs.ToString(CultureInfo.InvariantCulture)),
    };

    string[] Urls => Client.GetValueOrDefault(Names.SchemaRegistryUrl, "").Split(',', StringSplitOptions.TrimEntries);

    /// <summary>Every mistake with key, value and rule; opens no connection.</summary>
    /// <param name="section">The section that the options came from.</param>
    public IReadOnlyList<string> Problems(string section)
    {
        List<string> problems =
        [
            .. Urls.Where(url => !IsGood(url)).Select(url =>
                $"{section}:Url must be the addresses of the schema registry, such as http://registry:8081, with commas between several and without user info, query and fragment, but has '{ShownUrl.Of(url)}'."
                + (url.Contains('@', StringComparison.Ordinal) ? $" User and password belong into {section}:BasicAuthUserInfoFile." : "")),
            .. Client.Keys.Where(key => !Known.Contains(key)).Order(StringComparer.Ordinal).Select(key =>
                $"{section}:{key[Prefix.Length..]} is no setting of the registry's client that means something here: there is {string.Join(", ", Known.Select(known => known[Prefix.Length..]).Order(StringComparer.Ordinal))}."),
            .. Client.Where(pair => Numbers.Contains(pair.Key) && !(int.TryParse(pair.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0)).Select(pair =>
                $"{section}:{pair.Key[Prefix.Length..]} must be a whole number from 1 to {int.MaxValue}, but is '{pair.Value}'."),
        ];
        return problems.Count > 0 ? problems : [.. Refusal(section) is { } refusal ? (string[])[refusal] : []];
    }

    /// <summary>What the client itself says of its settings, or what is wrong with a certificate's file; connects to nothing.</summary>
    string? Refusal(string section)
    {
        if (RegistryTrust.Read(Client, section, out var problem) is not { } trust)
        {
            return problem;
        }

        try
        {
            TrustedClient.Open(Settings, trust).Dispose();
            return null;
        }
        catch (ArgumentException wrong)
        {
            return $"{section}: {wrong.Message.TrimEnd('.')}.";
        }
    }

    static bool IsGood(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0 && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;
}
