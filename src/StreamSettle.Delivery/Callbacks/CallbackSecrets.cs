using System.Text;
using Microsoft.Extensions.Logging;
using StreamSettle.Delivery.Http;
using StreamSettle.Delivery.Options;

namespace StreamSettle.Delivery.Callbacks;

/// <summary>
/// With which secrets a system may sign its callbacks. Several, so that one can take the place of another without a gap. Those of a file, one a line, are looked at anew every few
/// seconds while callbacks come. Thread-safe.
/// </summary>
public sealed class CallbackSecrets
{
    /// <summary>How often the file is looked at.</summary>
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    readonly byte[][] configured;
    readonly SecretFile? file;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly Lock looking = new();
    byte[][] current;
    long lookedAt;
    bool isTroubled;

    /// <param name="section">The system's configuration section, for messages.</param>
    /// <exception cref="Kernel.Failures.UserMistakeException">The file cannot be read.</exception>
    public CallbackSecrets(DownstreamOptions options, string section, TimeProvider time, ILogger logger)
    {
        (this.time, this.logger) = (time, logger);
        configured = [.. options.CallbackSecrets.Select(Encoding.UTF8.GetBytes)];
        file = options.CallbackSecretFile is { } path ? new SecretFile($"{section}:CallbackSecretFile", path).Open() : null;
        current = All();
        lookedAt = time.GetTimestamp();
    }

    /// <summary>None where the system's callbacks are not taken.</summary>
    internal byte[][] Current()
    {
        lock (looking)
        {
            if (file is not null && time.GetElapsedTime(lookedAt) >= LookInterval)
            {
                lookedAt = time.GetTimestamp();
                Look(file);
            }

            return current;
        }
    }

    /// <summary>The system's callbacks are taken.</summary>
    public bool Any => Current().Length > 0;

    void Look(SecretFile changing)
    {
        if (changing.Refresh())
        {
            current = All();
            logger.ReadAnew(changing.Key);
        }

        // Once at each turn for the worse or the better.
        if (changing.Trouble is { } trouble && !isTroubled)
        {
            logger.NotReadable(changing.Key, trouble);
        }
        else if (changing.Trouble is null && isTroubled)
        {
            logger.ReadableAgain(changing.Key);
        }

        isTroubled = changing.Trouble is not null;
    }

    byte[][] All() =>
    [
        .. configured,
        .. (file?.Text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes),
    ];
}
