using System.Globalization;
using StreamSettle.Kernel.Addresses;

namespace StreamSettle.Delivery.Options;

/// <summary>One downstream system. Configuration section <c>Downstreams:NAME</c>.</summary>
public sealed record DownstreamOptions
{
    /// <summary>Most items the contract allows in a batch.</summary>
    public const int MaxBatchSize = 1_000;

    /// <summary>Most bytes of a batch that may be configured.</summary>
    public const int MaxBatchBytes = 64 * 1024 * 1024;

    /// <summary>Most requests in flight that may be configured.</summary>
    public const int MaxConcurrency = 10_000;

    /// <summary>Where the system's paths begin: an absolute http or https URL, without query and fragment. A user and a password in it are sent as Basic authentication.</summary>
    public string BaseUrl { get; init; } = "";

    /// <summary>Most requests in flight at once. Default 256.</summary>
    public int Concurrency { get; init; } = 256;

    /// <summary>How long a request may take, from its start to the last byte of its answer. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most calls in one request; 1 for no batches. Default 1.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Most bytes of a batch's body; a call that is larger by itself goes singly. Default 4 MiB.</summary>
    public int BatchBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How many calls of one merchant and lane a batch may hold. Default one.</summary>
    public BatchOrder BatchOrder { get; init; } = BatchOrder.OnePerMerchant;

    /// <summary>Most requests in any <see cref="RateWindow"/>; null for what the system's answers say. Default none.</summary>
    public int? RateLimit { get; init; }

    /// <summary>The window of <see cref="RateLimit"/>, and of a learned limit whose answer names none. Default 1 min.</summary>
    public TimeSpan RateWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>POSTs of a key before it is dead-lettered, and failed GETs before it is sent again. Default 20.</summary>
    public int MaxAttempts { get; init; } = 20;

    /// <summary>Upper bound of the first back-off; it doubles with every further one. Default 1 s.</summary>
    public TimeSpan RetryBase { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Upper bound of every back-off. Default 5 min.</summary>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Calls of one merchant and lane go out one at a time and in order (I5). Default true.</summary>
    public bool Ordered { get; init; } = true;

    /// <summary>Calls of one merchant and lane that may be under way at once, as far as configuration tells.</summary>
    internal int MostOfLane => BatchOrder == BatchOrder.InOrder ? BatchSize : 1;

    /// <summary>When the system counts as degraded.</summary>
    public BreakerOptions Breaker { get; init; } = new();

    /// <summary>Of the requests that become possible while both lanes wait, the priority lane's share: above 0 and below 1, so that neither starves. Default 0.8.</summary>
    public double PriorityShare { get; init; } = 0.8;

    /// <summary>Headers of every request. A name that ends in <c>File</c>, in any case, holds the path of a file with the value. Values are never logged.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What the system signs its callbacks with (HMAC-SHA256), each good by itself; none, and no file: its callbacks are not taken. Never logged.</summary>
    public IReadOnlyList<string> CallbackSecrets { get; init; } = [];

    /// <summary>Path of a file with such secrets, one a line; null for none.</summary>
    public string? CallbackSecretFile { get; init; }

    /// <summary>Path of a PEM file with certificate and key, or of a PKCS#12 file; null for no client certificate.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>Path of a file with the password of <see cref="ClientCertificate"/>; null where it has none.</summary>
    public string? ClientCertificatePasswordFile { get; init; }

    /// <summary>One message for each rule that is broken: key, rule, value; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || BaseUrl.AsSpan().ContainsAny('?', '#'))
        {
            yield return $"{section}:BaseUrl must be an absolute http or https URL without query and fragment, but is '{ShownUrl.Of(BaseUrl)}'.";
        }
        else if (url.UserInfo.Length > 0 && Headers.Keys.FirstOrDefault(name => RequestHeaders.NameOf(name).Equals(RequestHeaders.Authorization, StringComparison.OrdinalIgnoreCase)) is { } header)
        {
            yield return $"{section}:BaseUrl holds a user and a password, and {section}:Headers:{header} is set too: keep one.";
        }

        foreach (var (name, value, most) in new[] { ("Concurrency", Concurrency, MaxConcurrency), ("BatchSize", BatchSize, MaxBatchSize), ("BatchBytes", BatchBytes, MaxBatchBytes) })
        {
            if (value < 1 || value > most)
            {
                yield return $"{section}:{name} must be from 1 to {most}, but is {value}.";
            }
        }

        foreach (var (name, value) in new[] { ("Timeout", Timeout), ("RetryBase", RetryBase), ("RetryMax", RetryMax) })
        {
            if (value <= TimeSpan.Zero || value > LongestDuration)
            {
                yield return $"{section}:{name} must be positive and at most {LongestDuration}, but is {value}.";
            }
        }

        foreach (var problem in ProblemsOfRelations(section))
        {
            yield return problem;
        }
    }

    /// <summary>One message for each thing that is taken as it is and should be known.</summary>
    public IEnumerable<string> Notes(string section)
    {
        if (Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp && CredentialsKey(section, url) is { } key)
        {
            yield return $"{key} gives credentials that go over plain http, for all on the way to read: give {section}:BaseUrl with https://, unless the way is this machine's alone";
        }
    }

    /// <summary>The key that has what the system knows us by, of what is sent with each request; null for none.</summary>
    string? CredentialsKey(string section, Uri url) => url.UserInfo.Length > 0
        ? $"{section}:BaseUrl"
        : Headers.Keys.FirstOrDefault(name => RequestHeaders.NameOf(name).Equals(RequestHeaders.Authorization, StringComparison.OrdinalIgnoreCase)) is { } header
            ? $"{section}:Headers:{header}"
            : null;

    static readonly TimeSpan LongestDuration = TimeSpan.FromDays(1);

    IEnumerable<string> ProblemsOfRelations(string section)
    {
        if (RetryMax < RetryBase)
        {
            yield return $"{section}:RetryMax must be at least RetryBase ({RetryBase}), but is {RetryMax}.";
        }

        if (MaxAttempts < 1)
        {
            yield return $"{section}:MaxAttempts must be at least 1, but is {MaxAttempts}.";
        }

        if (BatchOrder == BatchOrder.InOrder && BatchSize == 1)
        {
            yield return $"{section}:BatchOrder {nameof(BatchOrder.InOrder)} does nothing without batches: give {section}:BatchSize above 1, or leave BatchOrder out.";
        }

        if (RateLimit < 1)
        {
            yield return $"{section}:RateLimit must be at least 1 or absent, but is {RateLimit}.";
        }

        if (RateWindow <= TimeSpan.Zero || RateWindow > Budgets.SlidingBudget.LongestWindow)
        {
            yield return $"{section}:RateWindow must be positive and at most {Budgets.SlidingBudget.LongestWindow}, but is {RateWindow}.";
        }

        if (PriorityShare is not (> 0 and < 1))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{section}:PriorityShare must be above 0 and below 1, so that neither lane starves, but is {PriorityShare}.");
        }

        foreach (var problem in Breaker.Problems($"{section}:Breaker").Concat(RequestHeaders.Problems(Headers, $"{section}:Headers")).Concat(ProblemsOfCallbacks(section)).Concat(ProblemsOfCertificates(section)))
        {
            yield return problem;
        }
    }

    IEnumerable<string> ProblemsOfCallbacks(string section)
    {
        if (CallbackSecrets.Any(string.IsNullOrWhiteSpace))
        {
            yield return $"{section}:CallbackSecret holds an empty secret, by which anybody could sign: remove it.";
        }

        if (CallbackSecretFile is { } path && !File.Exists(path))
        {
            // Without the path: it may be the secret itself.
            yield return $"{section}:CallbackSecretFile must name a file that exists, but there is none.";
        }
    }

    IEnumerable<string> ProblemsOfCertificates(string section)
    {
        if (ClientCertificate is null && ClientCertificatePasswordFile is not null)
        {
            yield return $"{section}:ClientCertificatePasswordFile belongs to {section}:ClientCertificate, which is not set.";
        }

        if (ClientCertificate is not null && Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp)
        {
            yield return $"{section}:ClientCertificate is shown over https alone, but {section}:BaseUrl is '{ShownUrl.Of(BaseUrl)}'.";
        }

        foreach (var (key, path) in Certificates())
        {
            if (!File.Exists(path))
            {
                yield return $"{section}:{key} must name a file that exists, but there is none at '{path}'.";
            }
        }
    }

    IEnumerable<(string Key, string Path)> Certificates()
    {
        if (ClientCertificate is not null)
        {
            yield return ("ClientCertificate", ClientCertificate);
        }

        if (ClientCertificatePasswordFile is not null)
        {
            yield return ("ClientCertificatePasswordFile", ClientCertificatePasswordFile);
        }
    }
}
