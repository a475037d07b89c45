using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streamiz.Kafka.Net;
using StreamSettle.Streams.Runtime;
using ProcessingGuarantee = Streamiz.Kafka.Net.ProcessingGuarantee;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>What Streamiz is told. Of the clients' settings it has no say: they are the log's.</summary>
static class HostedConfig
{
    /// <summary>How often a task is looked at for due punctuations and messages: Streamiz allows no shorter interval.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>A poll lasts so long, whatever comes, unless it brings <see cref="PollRecordsMax"/>.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>What a record is waited for that cannot be read yet; then the thread begins anew, so that its group hears of it.</summary>
    public static readonly TimeSpan HoldBackMax = TimeSpan.FromMinutes(2);

    /// <summary>Streamiz takes each record from the front of a list.</summary>
    const int PollRecordsMax = 1_000;

    /// <summary>The members' rounds take far less; only a bound of Streamiz' own inner loop.</summary>
    const int MaxPollIntervalMs = 300_000;

    public static StreamConfig Of(WorkerOptions options, Func<Exception, ExceptionHandlerResponse> onFailure, ILoggerFactory loggers)
    {
        var interval = options.CommitInterval > options.CommitLinger ? options.CommitInterval : options.CommitLinger;
        return new StreamConfig(null, loggers)
        {
            ApplicationId = options.Group,
            ClientId = options.Member,

            // Asked for, but no client of Streamiz' own is made.
            BootstrapServers = "the-log",
            Guarantee = ProcessingGuarantee.EXACTLY_ONCE,
            NumStreamThreads = 1,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            PollMs = (long)Poll.TotalMilliseconds,
            MaxPollRecords = PollRecordsMax,
            MaxPollIntervalMs = MaxPollIntervalMs,
            CommitIntervalMs = (long)interval.TotalMilliseconds,
            InnerExceptionHandler = onFailure,
            OffsetCheckpointManager = new NoCheckpoints(),
        };
    }
}
