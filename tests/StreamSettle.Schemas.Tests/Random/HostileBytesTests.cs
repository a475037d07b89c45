using System.Diagnostics;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Schemas.Tests.Random;

/// <summary>Whatever bytes come: a value or an error that says so, in bounded time and memory.</summary>
public class HostileBytesTests
{
    const int PerSchema = 1_000;

    /// <summary>What one input may allocate: nothing is kept of a value, so that is the fault alone, with the path to where it was found.</summary>
    const long MaxAllocated = 64 * 1024;

    /// <summary>What the process may hold more after ten million inputs than at the first. Source: 100 bytes that were kept of each would be a thousand millions.</summary>
    const long MaxGrowth = 64L * 1024 * 1024;

    /// <summary>No input keeps a reader for so long, on however loaded a machine.</summary>
    static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    static readonly AvroLimits Limits = new() { MaxItems = 10_000, MaxBytes = 4096 };

    [Fact]
    public void Bytes_give_a_value_or_a_fault_and_nothing_else() => Try(inputs: 30_000);

    [Fact]
    [Trait("Category", "Soak")]
    public void Ten_million_inputs_give_a_value_or_a_fault_and_nothing_else()
    {
        var held = GC.GetTotalMemory(forceFullCollection: true);
        Try(inputs: 10_000_000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - held, long.MinValue, MaxGrowth);
    }

    static void Try(int inputs)
    {
        var (values, faults) = (0L, 0L);
        Seeds.Each(inputs / PerSchema, seed =>
        {
            var random = new System.Random(seed);
            var writer = AvroSchema.Parse(RandomSchema.Draw(random));
            var reader = AvroSchema.Parse(RandomSchema.Reader(random, writer));
            AvroPlan[] plans = [AvroPlan.Compile(writer, writer, Limits), AvroPlan.Compile(writer, reader, Limits), AvroPlan.Compile(writer, writer, new AvroBinding().Bind("f0", 1), Limits)];
            var good = new ByteBuffer();
            AvroValueWriter.Write(new RandomValue(random).Draw(writer), writer, good);
            for (var i = 0; i < PerSchema; i++)
            {
                var began = Stopwatch.GetTimestamp();
                var before = GC.GetAllocatedBytesForCurrentThread();
                if (IsRead(plans[i % plans.Length], Bytes(random, good.Written)))
                {
                    values++;
                }
                else
                {
                    faults++;
                }

                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocated);
                Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, MaxTime);
            }
        });

        Assert.Equal(inputs, values + faults);

        // Both must be common, or the bytes are not what they are drawn for.
        Assert.InRange(values, inputs / 100, inputs);
        Assert.InRange(faults, inputs / 100, inputs);
    }

    static bool IsRead(AvroPlan plan, byte[] bytes)
    {
        try
        {
            var sink = new ValueSink();
            plan.Read(bytes, ref sink);
            return true;
        }
        catch (AvroDataException)
        {
            return false;
        }
    }

    /// <summary>A good value with a few bytes changed, cut off, or put in anew; or any bytes at all.</summary>
    static byte[] Bytes(System.Random random, ReadOnlySpan<byte> good)
    {
        var bytes = random.Next(8) == 0 || good.IsEmpty ? new byte[random.Next(64)] : good[..Math.Min(good.Length, Limits.MaxBytes)].ToArray();
        if (random.Next(8) == 0)
        {
            random.NextBytes(bytes);
        }

        for (var edits = random.Next(4); edits > 0 && bytes.Length > 0; edits--)
        {
            bytes[random.Next(bytes.Length)] = random.Next(4) switch { 0 => 0xFF, 1 => 0x01, 2 => 0x80, _ => (byte)random.Next(256) };
        }

        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    /// <summary>Looks at everything and keeps nothing.</summary>
    struct ValueSink : IAvroSink
    {
        long looked;

        public void Null(int slot) => looked++;

        public void Boolean(int slot, bool value) => looked++;

        public void Int(int slot, int value) => looked += value;

        public void Long(int slot, long value) => looked += value;

        public void Float(int slot, float value) => looked++;

        public void Double(int slot, double value) => looked++;

        public void Bytes(int slot, ReadOnlySpan<byte> value) => looked += value.Length;

        public void Text(int slot, ReadOnlySpan<byte> value) => looked += value.Length;

        public void Enum(int slot, int symbol, EnumSchema schema) => looked += schema.Symbols[symbol].Length;

        public void BeginRecord(int slot, RecordSchema schema) => looked++;

        public void EndRecord(int slot) => looked++;

        public void BeginArray(int slot) => looked++;

        public void EndArray(int slot) => looked++;

        public void BeginMap(int slot) => looked++;

        public void Key(ReadOnlySpan<byte> key) => looked += key.Length;

        public void EndMap(int slot) => looked++;

        public void Branch(int slot, int branch) => looked++;
    }
}
