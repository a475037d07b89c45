using Microsoft.Extensions.Logging;
using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Http;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Asking;

/// <summary>
/// Asks one system what it has recorded under a key (GET), for whoever compares and has no call under way. Goes with the service's credentials, beside its calls: within
/// a share of the limits, with few in flight, obeying every pause. What cannot be learned is unknown. Thread-safe.
/// </summary>
public sealed class CallAsker : IDisposable
{
    /// <summary>Questions for one key that got no answer, or one that says nothing.</summary>
    internal const int MostTries = 3;

    /// <summary>Answers to one question that ask for patience.</summary>
    internal const int MostPauses = 20;

    static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(200);

    readonly IDownstreamTransport transport;
    readonly TimeProvider time;
    readonly AskingPace pace;
    readonly SemaphoreSlim room;

    internal CallAsker(Leg leg, DownstreamOptions options, AskingOptions asking, IDownstreamTransport transport, TimeProvider time)
    {
        (Leg, this.transport, this.time) = (leg, transport, time);
        pace = new(options, asking, time);
        room = new(Math.Min(asking.Concurrency, options.Concurrency));
    }

    public Leg Leg { get; }

    /// <exception cref="Kernel.Failures.UserMistakeException">The client certificate or a header's file cannot be read.</exception>
    public static CallAsker OverHttp(Leg leg, DownstreamOptions options, AskingOptions asking, TimeProvider time, ILogger logger) =>
        new(leg, options, asking, HttpTransport.Create(options, $"Downstreams:{leg}", time, logger), time);

    /// <param name="key">As the system knows it.</param>
    public async Task<RecordedCall> AskAsync(string key, CancellationToken stop)
    {
        await room.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            for (var (tries, pauses) = (0, 0); ;)
            {
                if (await pace.TurnAsync(stop).ConfigureAwait(false) is { } whyNot)
                {
                    return new RecordedCall.Unknown(whyNot);
                }

                var heard = await new Question(key, time).RunAsync(transport, DownstreamPaths.Recorded(Leg, key)).WaitAsync(stop).ConfigureAwait(false);
                switch (heard.Meaning)
                {
                    case CallAnswer.Delivered delivered:
                        pace.Heard(heard.Rates, null);
                        return new RecordedCall.Found(delivered.Receipt);
                    case CallAnswer.NotFound:
                        pace.Heard(heard.Rates, null);
                        return RecordedCall.Absent.Instance;
                    case CallAnswer.RetryLater { IsAttempt: false } later when ++pauses < MostPauses:
                        pace.Heard(heard.Rates, later.After ?? FirstBackOff * pauses);
                        break;
                    default:
                        pace.Unheard(heard.Trouble);
                        if (++tries == MostTries)
                        {
                            return new RecordedCall.Unknown(heard.Trouble);
                        }

                        await Task.Delay(FirstBackOff * Math.Pow(4, tries - 1), time, stop).ConfigureAwait(false);
                        break;
                }
            }
        }
        finally
        {
            room.Release();
        }
    }

    public void Dispose()
    {
        transport.Dispose();
        room.Dispose();
    }

    /// <summary>What came back, read while its bytes were there.</summary>
    /// <param name="Trouble">What is told where it says nothing: not a word of the body, which may be about people.</param>
    sealed record Reply(CallAnswer Meaning, RateReading? Rates, string Trouble);

    sealed class Question(string key, TimeProvider time) : IAnswerTaker
    {
        readonly TaskCompletionSource<Reply> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Reply> RunAsync(IDownstreamTransport transport, string path)
        {
            transport.Start(DownstreamRequest.Question(this, path));
            return done.Task;
        }

        void IAnswerTaker.Completed(DownstreamRequest request, in RawAnswer raw)
        {
            try
            {
                var now = HttpDate.Parse(raw.Headers.Date) ?? UtcInstant.Now(time);
                var isAnswered = raw.Transmission == Transmission.Answered;
                done.TrySetResult(new(
                    AnswerClassifier.OfGet(key, raw, now), isAnswered ? RateReading.Read(raw.Headers, now) : null,
                    !isAnswered ? raw.Reason : raw.Status == 200 ? "its answer is not a good one for the key" : $"it answers {raw.Status}"));
            }
            catch (Exception failure)
            {
                // Whatever this is, somebody waits for an outcome.
                done.TrySetResult(new(new CallAnswer.Unknown(""), null, $"its answer cannot be read ({failure.GetType().Name})"));
            }
        }
    }
}
