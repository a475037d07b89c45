namespace StreamSettle.Delivery.Channels;

/// <summary>What a step of the channel wants done once its lock is left: requests to start, tasks to tell.</summary>
internal sealed class ChannelEffects(TimeProvider time)
{
    List<DownstreamRequest>? starts;
    List<(ChannelMember Member, ChannelMessage Message)>? messages;

    internal void Start(DownstreamRequest request) => (starts ??= []).Add(request);

    internal void Tell(ChannelMember member, ChannelMessage message) => (messages ??= []).Add((member, message));

    internal void Withhold(OutboundCall call) => Tell(call.Member, new ChannelMessage.Withheld(call));

    internal void Run(IDownstreamTransport transport)
    {
        foreach (var (member, message) in messages ?? [])
        {
            member.Post(message);
        }

        foreach (var request in starts ?? [])
        {
            request.StartedAt = time.GetTimestamp();
            transport.Start(request);
        }
    }
}
