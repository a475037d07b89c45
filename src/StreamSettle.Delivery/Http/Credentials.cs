using Microsoft.Extensions.Logging;
using StreamSettle.Delivery.Options;

namespace StreamSettle.Delivery.Http;

/// <summary>
/// What a system wants for authentication: headers and a client certificate. Those from files are looked at anew every few seconds while requests go, and before
/// the next request after a 401. Thread-safe: one request looks, the others go on with what there is.
/// </summary>
internal sealed class Credentials : IDisposable
{
    /// <summary>How often files are looked at: they are small, and a token that was replaced is good for longer.</summary>
    internal static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    readonly KeyValuePair<string, string>[] fixedHeaders;
    readonly (string Name, SecretFile File)[] headerFiles;
    readonly SecretFile[] certificateFiles;
    readonly HashSet<string> troubled = [];
    readonly DownstreamOptions options;
    readonly TimeProvider time;
    readonly ILogger logger;
    volatile Current current;
    long lookedAt;
    int looking;
    bool refused;

    /// <param name="section">The system's configuration section, for messages.</param>
    /// <exception cref="Kernel.Failures.UserMistakeException">A file cannot be read.</exception>
    internal Credentials(DownstreamOptions options, string section, TimeProvider time, ILogger logger)
    {
        (this.options, this.time, this.logger) = (options, time, logger);
        fixedHeaders = [.. options.Headers.Where(header => !RequestHeaders.IsFile(header.Key)), .. RequestHeaders.OfUserInfo(new(options.BaseUrl)) is { } basic ? [basic] : Array.Empty<KeyValuePair<string, string>>()];
        headerFiles = [.. options.Headers.Where(header => RequestHeaders.IsFile(header.Key))
            .Select(header => (RequestHeaders.NameOf(header.Key), new SecretFile($"{section}:Headers:{header.Key}", header.Value, RequestHeaders.ValueProblem).Open()))];
        certificateFiles = [.. CertificateFiles(section).Select(file => file.Open())];
        current = new(Headers(), new(ConnectionSettings.Handler(options)));
        lookedAt = time.GetTimestamp();
    }

    /// <summary>What the next request goes with.</summary>
    internal Current Take()
    {
        if (HasFiles && (Volatile.Read(ref refused) || time.GetElapsedTime(Volatile.Read(ref lookedAt)) >= LookInterval) && Interlocked.Exchange(ref looking, 1) == 0)
        {
            try
            {
                Volatile.Write(ref refused, false);
                Volatile.Write(ref lookedAt, time.GetTimestamp());
                Look();
            }
            finally
            {
                Volatile.Write(ref looking, 0);
            }
        }

        return current;
    }

    /// <summary>The system answered 401: the next request looks first.</summary>
    internal void Refused() => Volatile.Write(ref refused, true);

    public void Dispose() => current.Client.Dispose();

    bool HasFiles => headerFiles.Length > 0 || certificateFiles.Length > 0;

    void Look()
    {
        var isNew = false;
        foreach (var (_, file) in headerFiles)
        {
            isNew |= Look(file);
        }

        var client = current.Client;
        var isOther = false;
        foreach (var file in certificateFiles)
        {
            isOther |= Look(file);
        }

        if (isOther)
        {
            client = Renewed() ?? client;
        }

        if (isNew || client != current.Client)
        {
            var before = current;
            current = new(Headers(), client);
            if (before.Client != client)
            {
                // Connections made with the old certificate end with what is under way on them.
                before.Client.Dispose();
            }
        }
    }

    bool Look(SecretFile file)
    {
        var isNew = file.Refresh();
        Tell(file.Key, file.Trouble);
        if (isNew)
        {
            logger.ReadAnew(file.Key);
        }

        return isNew;
    }

    /// <summary>Null where certificate and key do not go together: one of them may be replaced a moment later.</summary>
    HttpMessageInvoker? Renewed()
    {
        var key = certificateFiles[0].Key;
        try
        {
            var client = new HttpMessageInvoker(ConnectionSettings.Handler(options));
            Tell($"{key} (as a certificate)", null);
            return client;
        }
        catch (Kernel.Failures.UserMistakeException mistake)
        {
            Tell($"{key} (as a certificate)", mistake.InnerException?.GetType().Name ?? "it is none");
            return null;
        }
    }

    /// <summary>Once at each turn for the worse or the better.</summary>
    void Tell(string key, string? trouble)
    {
        if (trouble is not null && troubled.Add(key))
        {
            logger.NotReadable(key, trouble);
        }
        else if (trouble is null && troubled.Remove(key))
        {
            logger.ReadableAgain(key);
        }
    }

    KeyValuePair<string, string>[] Headers() => [.. fixedHeaders, .. headerFiles.Select(header => new KeyValuePair<string, string>(header.Name, header.File.Text))];

    IEnumerable<SecretFile> CertificateFiles(string section)
    {
        if (options.ClientCertificate is { } path)
        {
            yield return new($"{section}:ClientCertificate", path);
            if (options.ClientCertificatePasswordFile is { } password)
            {
                yield return new($"{section}:ClientCertificatePasswordFile", password);
            }
        }
    }

    /// <param name="Headers">Names and values for every request.</param>
    internal sealed record Current(KeyValuePair<string, string>[] Headers, HttpMessageInvoker Client)
    {
        /// <summary>Shorter values keep no secret, and stand in every text.</summary>
        const int ShortestSecret = 8;

        /// <summary>The values, and the last word of each, as in <c>Bearer TOKEN</c>; longest first.</summary>
        internal byte[][] Secrets { get; } =
        [
            .. Headers.SelectMany(header => new[] { header.Value, header.Value[(header.Value.LastIndexOf(' ') + 1)..] })
                .Where(value => value.Length >= ShortestSecret).Distinct().OrderByDescending(value => value.Length).Select(System.Text.Encoding.UTF8.GetBytes),
        ];
    }
}
