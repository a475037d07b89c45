using System.Text.Json;
using Xunit;

namespace StreamSettle.Streams.Tests.Vectors;

[Trait("Category", "Vectors")]
public class StreamsVectorsTests
{
    [Fact]
    public void Every_line_gets_the_answer_of_Kafka_Streams() => VectorFile.CheckAll(
        new Dictionary<string, Func<JsonElement, string?>>
        {
            ["partition"] = PartitionVectors.Check,
            ["punctuation"] = PunctuationVectors.Check,
            ["keyValue"] = line => KeyValueVectors.Check(line, int.MaxValue),
            ["window"] = line => WindowVectors.Check(line, int.MaxValue),
        },
        wholeFile: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Stores_answer_the_same_whenever_they_are_committed(int commitEvery) => VectorFile.CheckAll(new Dictionary<string, Func<JsonElement, string?>>
    {
        ["keyValue"] = line => KeyValueVectors.Check(line, commitEvery),
        ["window"] = line => WindowVectors.Check(line, commitEvery),
    });
}
