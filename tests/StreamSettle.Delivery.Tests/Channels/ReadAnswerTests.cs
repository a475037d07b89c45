using System.Buffers;
using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Delivery.Tests.Channels;

public class ReadAnswerTests
{
    readonly List<ChannelMessage> told = [];
    readonly ManualTransport transport = new();

    [Theory]
    [InlineData("18446744073709551615")]
    [InlineData("79228162514264337593543950335")]
    public void A_rate_header_beyond_any_number_of_ours_loses_no_answer(string number)
    {
        var headers = new AnswerHeaders { Limit = number, Remaining = number, Reset = number, RateLimitPolicy = $"{number};w={number}" };
        Answer(RawAnswer.Answered(201, headers, """{"key":"1:split:0","id":"r-1"}"""u8.ToArray()));

        Assert.Equal(new CallAnswer.Delivered("r-1"), Assert.IsType<ChannelMessage.Answered>(told[0]).Answer);
    }

    [Fact]
    public void An_answer_whose_reading_fails_is_unknown_and_the_next_call_goes()
    {
        using var unreadable = new UnreadableMemory();
        var channel = Answer(RawAnswer.Answered(201, AnswerHeaders.None, unreadable.Memory));
        var unknown = Assert.IsType<CallAnswer.Unknown>(Assert.IsType<ChannelMessage.Answered>(told[0]).Answer);

        Assert.Equal("the answer could not be read: planted", unknown.Reason);
        Assert.Equal(0, channel.Status().Calls.InFlight);
    }

    DownstreamChannel Answer(in RawAnswer raw)
    {
        var channel = new DownstreamChannel(Leg.Split, new() { BaseUrl = "http://split" }, transport, new VirtualTime(Processing.DeliveryBench.Start.ToDateTimeOffset()));
        var member = channel.Join(0, told.Add, [], 0);
        Assert.True(channel.TryTake(member.Seats[(int)CallClass.Ordinary], 1, out _));
        channel.Dispatch(member, [new(member, Processing.DeliveryBench.Key(1), new(new(7), Lane.Ordinary, 0), "{}"u8.ToArray(), 2, false)]);
        transport.Requests.Single().Complete(raw);
        return channel;
    }

    sealed class ManualTransport : IDownstreamTransport
    {
        public List<DownstreamRequest> Requests { get; } = [];

        public void Start(DownstreamRequest request) => Requests.Add(request);

        public void Dispose()
        {
        }
    }

    sealed class UnreadableMemory : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory(10);

        public override Span<byte> GetSpan() => throw new NotSupportedException("planted");

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("planted");

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
