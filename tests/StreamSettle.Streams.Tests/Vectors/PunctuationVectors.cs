using System.Text.Json;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Tests.Vectors;

/// <summary>Punctuations fire when Kafka Streams fires them.</summary>
static class PunctuationVectors
{
    public static string? Check(JsonElement line)
    {
        var fired = new List<long>();
        var type = line.GetProperty("time").GetString() == "stream" ? PunctuationType.StreamTime : PunctuationType.WallClockTime;
        using var driver = Driver(line.GetProperty("intervalMs").GetInt64(), type, fired);
        foreach (var step in line.GetProperty("steps").EnumerateArray())
        {
            fired.Clear();
            Take(driver, step);
            var expected = step.GetProperty("fired").EnumerateArray().Select(time => time.GetInt64()).ToList();
            if (!expected.SequenceEqual(fired))
            {
                return $"step {step} fired at [{string.Join(", ", fired)}]";
            }
        }

        return null;
    }

    static void Take(TopologyDriver driver, JsonElement step)
    {
        if (step.TryGetProperty("record", out var timestamp))
        {
            driver.Pipe("input", "k", "v", timestamp.GetInt64());
        }
        else
        {
            // One step of the clock, as Kafka's driver takes it.
            driver.Time.Advance(TimeSpan.FromMilliseconds(step.GetProperty("advanceMs").GetInt64()));
            driver.RunUntilIdle();
        }
    }

    static TopologyDriver Driver(long intervalMs, PunctuationType type, List<long> fired)
    {
        var topology = new TopologyBuilder()
            .AddTextSource("source", "input")
            .AddProcessor("punctuated", () => new TextProcessor(
                context => context.Schedule(TimeSpan.FromMilliseconds(intervalMs), type, at => fired.Add(at.Microseconds / 1000)), (_, _, _) => { }), "source")
            .Build("app", 1);
        return new(topology, new UtcInstant(0));
    }
}
