using System.Text;
using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Delivery.Tests.Answers;

/// <summary>What an answer to a batch of A, B and C means for each of them.</summary>
public class BatchAnswerTests
{
    const string A = "1:split:0", B = "2:split:0", C = "3:split:0";
    const string GoodA = """{"key":"1:split:0","status":201,"body":{"key":"1:split:0","id":"a"}}""";
    static readonly UtcInstant Now = UtcInstant.Parse("2026-11-01T00:00:00Z");

    [Theory]
    [InlineData(200, """{"key":"","id":17}""")]
    [InlineData(201, """{"key":"1:split:0","id":17}""")]
    [InlineData(202, """{"results":[{"key":"1:split:0","status":201,"body":{"key":"1:split:0","id":"a"}}]}""")]
    [InlineData(409, """{"key":"","id":17}""")]
    [InlineData(409, "")]
    [InlineData(203, """{"key":"","id":17}""")]
    [InlineData(204, "")]
    [InlineData(206, """{"results":[{"key":"1:split:0","status":201,"body":{"key":"1:split:0","id":"a"}}]}""")]
    [InlineData(302, "")]
    [InlineData(600, "")]
    public void What_is_no_207_confirms_nothing_and_each_item_is_unknown(int status, string body) =>
        Assert.All(Read(status, body), meaning => Assert.IsType<CallAnswer.Unknown>(meaning));

    [Theory]
    [InlineData(404, true, false)]
    [InlineData(405, true, false)]
    [InlineData(501, true, true)]
    [InlineData(400, true, false)]
    [InlineData(422, true, false)]
    [InlineData(424, true, false)]
    [InlineData(413, false, false)]
    public void A_refused_batch_goes_again(int status, bool singly, bool mayHaveHappened) =>
        Assert.All(Read(status, ""), meaning => Assert.Equal(new CallAnswer.SendAgain($"batch {status}", singly, mayHaveHappened), meaning));

    [Fact]
    public void A_mismatch_of_a_batch_goes_again_singly() =>
        Assert.All(Read(409, """{"error":"idempotency_mismatch"}"""), meaning => Assert.IsType<CallAnswer.SendAgain>(meaning));

    [Fact]
    public void What_was_not_sent_or_lost_or_put_off_is_so_for_each_item()
    {
        Assert.All(Read(500, "x"), meaning => Assert.Equal(new CallAnswer.RetryLater("batch 500: x", true, MayHaveHappened: true), meaning));
        Assert.All(Read(429, ""), meaning => Assert.Equal(new CallAnswer.RetryLater("batch 429", false, null, WholeSystem: true), meaning));
        Assert.All(Read(401, ""), meaning => Assert.IsType<CallAnswer.CredentialsRefused>(meaning));
        Assert.All(BatchSizing.Read([A, B], RawAnswer.Lost("reset"), Now), meaning => Assert.Equal(new CallAnswer.Unknown("reset"), meaning));
        Assert.All(BatchSizing.Read([A, B], RawAnswer.NeverSent("refused"), Now), meaning => Assert.Equal(new CallAnswer.NeverSent("refused"), meaning));
    }

    [Fact]
    public void Each_item_has_the_meaning_of_its_own_status()
    {
        var meanings = Items(
            GoodA,
            """{"key":"2:split:0","status":503,"headers":{"Retry-After":["7",9]}}""",
            """{"key":"3:split:0","status":424,"headers":{},"body":{"error":"before"}}""");

        Assert.Equal(new CallAnswer.Delivered("a"), meanings[0]);
        Assert.Equal(new CallAnswer.RetryLater("503", false, TimeSpan.FromSeconds(9), MayHaveHappened: true), meanings[1]);
        Assert.IsType<CallAnswer.Rejected>(meanings[2]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"status":201,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"","status":201,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":null,"status":201,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"9:split:0","status":201,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"2:split:0"}""")]
    [InlineData("""{"key":"2:split:0","status":"201","body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"2:split:0","status":201.0,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"2:split:0","status":2e2,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"2:split:0","status":99999999999,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"2:split:0","status":-201,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"2:split:0","status":0,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"2:split:0","status":207,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"2:split:0","status":1000,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"2:split:0","status":201,"status":422,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"2:split:0","key":"2:split:0","status":201,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"2:split:0","status":201,"body":{"key":"2:split:0","id":"b"},"body":{}}""")]
    [InlineData("""{"key":"2:split:0","status":201}""")]
    [InlineData("""{"key":"2:split:0","status":201,"body":null}""")]
    [InlineData("""{"key":"2:split:0","status":201,"body":"{\"key\":\"2:split:0\",\"id\":\"b\"}"}""")]
    [InlineData("""{"key":"2:split:0","status":201,"body":{"key":"1:split:0","id":"a"}}""")]
    [InlineData("""{"key":"2:split:0","status":201,"body":{"key":"2:split:0"}}""")]
    [InlineData("""{"key":"2:split:0","status":201,"body":{"key":"2:split:0","id":null}}""")]
    [InlineData("""{"key":"2:split:0","status":201,"body":{"key":"2:split:0","id":{}}}""")]
    [InlineData("""{"key":"2:split:0","status":409,"body":{"error":"busy"}}""")]
    [InlineData("""{"key":"2:split:0","status":201,"body":{"key":"2:split:0","id":"b"}},{"key":"2:split:0","status":422}""")]
    [InlineData("""{"key":"2:split:0","status":422},{"key":"2:split:0","status":201,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""{"key":"2:split:0"},{"key":"2:split:0","status":201,"body":{"key":"2:split:0","id":"b"}}""")]
    [InlineData("""[{"key":"2:split:0","status":201,"body":{"key":"2:split:0","id":"b"}}]""")]
    [InlineData("42")]
    public void An_item_without_one_readable_result_is_unknown_and_touches_no_other(string item)
    {
        var meanings = item.Length == 0 ? Items(GoodA) : Items(item, GoodA);

        Assert.Equal(new CallAnswer.Delivered("a"), meanings[0]);
        Assert.IsType<CallAnswer.Unknown>(meanings[1]);
        Assert.IsType<CallAnswer.Unknown>(meanings[2]);
    }

    [Fact]
    public void Results_nobody_asked_for_change_nothing() =>
        Assert.Equal(new CallAnswer.Delivered("a"), Items("""{"key":"7:split:0","status":401}""", GoodA, """{"key":"8:split:0","status":429}""")[0]);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"results":null}""")]
    [InlineData("""{"results":{}}""")]
    [InlineData("[" + GoodA + "]")]
    [InlineData("""{"results":[""" + GoodA + "]")]
    [InlineData("""{"results":[""" + GoodA + "]}}")]
    [InlineData("""{"results":[""" + GoodA + "],\"results\":[]}")]
    [InlineData("""{"results":[""" + GoodA + "]} trailing")]
    [InlineData("""{"items":[""" + GoodA + "]}")]
    [InlineData("""{"more":{"results":[""" + GoodA + "]}}")]
    public void A_body_that_is_not_one_object_with_one_list_of_results_says_nothing(string body) =>
        Assert.All(Read(207, body), meaning => Assert.IsType<CallAnswer.Unknown>(meaning));

    [Fact]
    public void A_byte_order_mark_is_passed_over() =>
        Assert.Equal(new CallAnswer.Delivered("a"), Read(207, $$"""{{'\uFEFF'}}{"next":{"results":1},"results":[{{GoodA}}]}""")[0]);

    static CallAnswer[] Items(params string[] items) => Read(207, $$"""{"results":[{{string.Join(',', items)}}]}""");

    static CallAnswer[] Read(int status, string body) =>
        BatchSizing.Read([A, B, C], RawAnswer.Answered(status, AnswerHeaders.None, Encoding.UTF8.GetBytes(body)), Now);
}
