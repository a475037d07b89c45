using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Serdes;
using StreamSettle.Topology.Clock;

namespace StreamSettle.Topology.Tests.Rows;

/// <summary>Whose change it was is known by the key when the change cannot be read: the key's schema has to be known before that.</summary>
public class KeySchemaTests
{
    [Fact]
    public void The_first_key_of_each_schema_is_read_and_no_other()
    {
        var keys = new Keys();
        var reader = new ClockKeyDeserializer(keys);

        foreach (var key in (byte[][])[Framed(1, 2), Framed(1, 4), Framed(7, 6), Framed(7, 8), "{\"order_id\":1}"u8.ToArray(), [0, 0, 0], []])
        {
            Assert.Equal(key, reader.Read(key).ToArray());
        }

        Assert.Equal([Framed(1, 2), Framed(7, 6)], keys.Asked);
    }

    [Fact]
    public void A_key_whose_schema_cannot_be_had_now_is_held_back_and_one_that_cannot_be_read_is_not()
    {
        var keys = new Keys { Failure = new EnvironmentFailedException("the registry is away") };
        var reader = new ClockKeyDeserializer(keys);
        Assert.Throws<EnvironmentFailedException>(() => reader.Read(Framed(1, 2)).Length);
        Assert.Throws<EnvironmentFailedException>(() => reader.Read(Framed(1, 2)).Length);

        keys.Failure = new SerdeException("there is no schema 1");
        Assert.Equal(Framed(1, 2), reader.Read(Framed(1, 2)).ToArray());
    }

    static byte[] Framed(byte schema, byte value) => [0, 0, 0, 0, schema, value];

    sealed class Keys : IDeserializer<OrderId>
    {
        public List<byte[]> Asked { get; } = [];

        public Exception? Failure { get; set; }

        public OrderId Read(ReadOnlySpan<byte> source)
        {
            Asked.Add(source.ToArray());
            return Failure is null ? new(1) : throw Failure;
        }
    }
}
