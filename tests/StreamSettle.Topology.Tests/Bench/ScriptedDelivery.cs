using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Topologies;
using StreamSettle.Topology.Formats;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>
/// Delivery as the test says: the script gives the outcomes of a call, one an attempt. It keeps no state, so that a crash repeats it alike; a replayed call goes on
/// as <see cref="Replayed"/> says.
/// </summary>
sealed class ScriptedDelivery
{
    /// <summary>What becomes of a new call: confirmed at once by default; nothing for a call that stays away.</summary>
    public Func<CallKey, DeliveryOutcome[]> Script { get; set; } = static _ => [DeliveryOutcome.Confirmed];

    /// <summary>What becomes of a replayed call.</summary>
    public Func<CallKey, DeliveryOutcome[]> Replayed { get; set; } = static _ => [DeliveryOutcome.Confirmed];

    /// <summary>What becomes of a call that a person discards: discarded at once by default; confirmed where it is found; a doubt as text.</summary>
    public Func<CallKey, (DeliveryOutcome Outcome, string Text)> Discarded { get; set; } = static _ => (DeliveryOutcome.Discarded, "");

    /// <summary>Of the running process.</summary>
    public InternalFormats Formats { get; set; } = InternalFormats.Binary;

    /// <summary>In the place of the real one.</summary>
    public void AddTo(TopologyBuilder builder, Leg leg, DeliveryTopics topics)
    {
        var (source, processor, results) = ($"{leg.Name()}-commands-source", $"deliver-{leg.Name()}", $"{leg.Name()}-results");
        builder
            .AddSource(source, () => new BinarySerde<MerchantId>(), Formats.Commands, topics.Commands)
            .AddProcessor(processor, () => new Worker(this, results), source)
            .AddSink(results, topics.Results, () => new BinarySerde<MerchantId>(), Formats.Results, processor);
    }

    sealed class Worker(ScriptedDelivery owner, string results) : IProcessor<MerchantId, DeliveryCommand>
    {
        Output<MerchantId, DeliveryResult> output = null!;
        ProcessorContext context = null!;

        public void Init(ProcessorContext context)
        {
            this.context = context;
            output = context.Output<MerchantId, DeliveryResult>(results);
        }

        public void Process(scoped in Record<MerchantId, DeliveryCommand> record)
        {
            var command = record.Value;
            switch (command.Kind)
            {
                case DeliveryCommandKind.Send:
                    Answer(command, 1, owner.Script(command.Key));
                    break;
                case DeliveryCommandKind.Replay:
                    Tell(command, DeliveryOutcome.Replayed, 0);
                    Answer(command, 101, owner.Replayed(command.Key));
                    break;
                case DeliveryCommandKind.Discard:
                    var (end, text) = owner.Discarded(command.Key);
                    Tell(command, end, 102, text);
                    break;
            }
        }

        void Answer(in DeliveryCommand command, int attempt, DeliveryOutcome[] outcomes)
        {
            foreach (var outcome in outcomes)
            {
                Tell(command, outcome, attempt++);
            }
        }

        void Tell(in DeliveryCommand command, DeliveryOutcome outcome, int attempt, string? text = null) => output.Forward(new()
        {
            Key = command.Merchant,
            Value = new(outcome, command.Key, command.Merchant, attempt, context.SystemTime, text ?? TextOf(outcome, command.Key), command.By, command.RequestId, command.Note),
            TimestampMs = context.SystemTime.Microseconds / 1000,
        });

        static string TextOf(DeliveryOutcome outcome, CallKey key) => outcome switch
        {
            DeliveryOutcome.Confirmed => $"receipt-{key}",
            DeliveryOutcome.Failed or DeliveryOutcome.DeadLettered => "HTTP 500",
            _ => "",
        };
    }
}
