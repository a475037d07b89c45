using System.Text;
using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Streams.Testing;

namespace StreamSettle.Delivery.Tests.Channels;

/// <summary>
/// Lanes with calls behind each other, threads that mark a lane's next call when its answer came and hand it over when that is committed, and a system that answers after its latency.
/// All of it in virtual time, around a real channel.
/// </summary>
sealed class LaneWorld : IDownstreamTransport
{
    readonly VirtualTime time = new(new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
    readonly DownstreamChannel channel;
    readonly TimeSpan latency;
    readonly List<CommittingThread> threads = [];
    readonly List<ITimer> timers = [];

    /// <param name="commits">How long a commit of each thread takes: they split what one request answers.</param>
    public LaneWorld(int batchSize, TimeSpan latency, params TimeSpan[] commits)
    {
        this.latency = latency;
        channel = new(Leg.Split, new() { BaseUrl = "http://split", BatchSize = batchSize }, this, time);
        foreach (var commit in commits)
        {
            threads.Add(new(channel, threads.Count, commit, After));
        }
    }

    /// <summary>Calls in each request, in their order.</summary>
    public List<int> Requests { get; } = [];

    public TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>Adds calls to a lane.</summary>
    public void Add(long merchant, int calls) => threads[(int)(merchant % threads.Count)].Add(new(new(merchant), Lane.Ordinary, 0), calls);

    public void Advance(TimeSpan by) => time.Advance(by);

    /// <summary>Until all calls are answered.</summary>
    /// <returns>How long that took.</returns>
    public TimeSpan Drain()
    {
        var began = Now;
        while (threads.Exists(thread => thread.Open > 0))
        {
            time.Advance(time.UntilNextTimer ?? throw new InvalidOperationException("calls are left, and nothing goes on"));
        }

        return Now - began;
    }

    public void Start(DownstreamRequest request)
    {
        Requests.Add(request.Calls.Length);
        After(latency, () => request.Complete(RawAnswer.Answered(207, AnswerHeaders.None, Encoding.UTF8.GetBytes(
            $$"""{"results":[{{string.Join(',', request.Calls.Select(call => $$$"""{"key":"{{{call.KeyText}}}","status":201,"headers":{},"body":{"key":"{{{call.KeyText}}}","id":"r"}}"""))}}]}"""))));
    }

    public void Dispose()
    {
    }

    void After(TimeSpan delay, Action action) => timers.Add(time.CreateTimer(_ => action(), null, delay, Timeout.InfiniteTimeSpan));

    /// <summary>A stream thread with one task: what came while it commits is marked together and committed next.</summary>
    sealed class CommittingThread
    {
        readonly DownstreamChannel channel;
        readonly TimeSpan commit;
        readonly Action<TimeSpan, Action> after;
        readonly ChannelMember member;
        readonly Dictionary<LaneKey, int> left = [];
        readonly HashSet<LaneKey> ready = [];
        long orders;
        bool isCommitting;
        int answered;

        public CommittingThread(DownstreamChannel channel, int partition, TimeSpan commit, Action<TimeSpan, Action> after)
        {
            (this.channel, this.commit, this.after) = (channel, commit, after);
            orders = partition * 1_000_000L;
            member = channel.Join(partition, Take, [], 0);
        }

        public int Open { get; private set; }

        public void Add(LaneKey lane, int calls)
        {
            Open += calls;
            var before = left.GetValueOrDefault(lane);
            left[lane] = before + calls;
            if (before == 0)
            {
                ready.Add(lane);
                Commit();
            }
        }

        void Take(ChannelMessage message)
        {
            if (message is ChannelMessage.Answered { Answer: CallAnswer.Delivered } told)
            {
                answered++;
                Open--;
                if (--left[told.Call.Lane] > 0)
                {
                    ready.Add(told.Call.Lane);
                }
            }
            else if (message is not ChannelMessage.Room)
            {
                throw new InvalidOperationException($"unexpected: {message}");
            }

            Commit();
        }

        void Commit()
        {
            if (isCommitting)
            {
                return;
            }

            isCommitting = true;

            // What comes at the same instant is in it.
            after(TimeSpan.Zero, () =>
            {
                var armed = Arm();
                after(commit, () =>
                {
                    isCommitting = false;
                    channel.Report(member, answered, default);
                    answered = 0;
                    channel.Dispatch(member, armed);
                    if (ready.Count > 0)
                    {
                        Commit();
                    }
                });
            });
        }

        List<OutboundCall> Arm()
        {
            var armed = new List<OutboundCall>();
            foreach (var lane in ready.ToList())
            {
                if (!channel.TryTake(member.Seats[(int)CallClass.Ordinary], ready.Count, out _))
                {
                    break;
                }

                ready.Remove(lane);
                armed.Add(new(member, new(new(++orders), Leg.Split, 0), lane, "{}"u8.ToArray(), 2, Singly: false));
            }

            return armed;
        }
    }
}
