using System.Text;
using StreamSettle.Delivery.Answers;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Delivery.Tests.Answers;

public class AnswerClassifierTests
{
    const string Key = "42:split:0";
    const string Good = """{"key":"42:split:0","id":"r-1","more":{"key":"x"}}""";
    static readonly UtcInstant Now = UtcInstant.Parse("2026-11-01T00:00:00Z");

    [Theory]
    [InlineData(1_000, 1_000, "x")]
    [InlineData(1_001, 1_000, "x... (1001 characters)")]
    [InlineData(500_000, 1_000, "x... (500000 characters)")]
    public void A_receipt_of_whatever_length_confirms_and_is_kept_in_a_bounded_one(int length, int kept, string ends)
    {
        var delivered = Assert.IsType<CallAnswer.Delivered>(Post(201, $$"""{"key":"{{Key}}","id":"{{new string('x', length)}}"}"""));

        Assert.EndsWith(ends, delivered.Receipt, StringComparison.Ordinal);
        Assert.StartsWith(new string('x', kept), delivered.Receipt, StringComparison.Ordinal);
        Assert.InRange(delivered.Receipt.Length, kept, kept + ends.Length);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(202)]
    [InlineData(409)]
    public void A_good_answer_under_its_statuses_is_delivered(int status) =>
        Assert.Equal(new CallAnswer.Delivered("r-1"), Post(status, Good));

    [Theory]
    [InlineData("""{"id":17,"key":"42:split:0"}""", "17")]
    [InlineData("""{"id":12345678901234567890123,"key":"42:split:0"}""", "12345678901234567890123")]
    [InlineData(""" { "key" : "42\u003asplit:0", "id" : "a" } """, "a")]
    [InlineData("\uFEFF{\"key\":\"42:split:0\",\"id\":\"a\"}", "a")]
    [InlineData("""{"id":-1.5e+400,"key":"42:split:0","deep":[[[{"key":"x","id":{"id":1}}]]]}""", "-1.5e+400")]
    public void The_receipt_is_the_id_as_text_or_number(string body, string receipt) =>
        Assert.Equal(new CallAnswer.Delivered(receipt), Post(201, body));

    [Theory]
    [InlineData("")]
    [InlineData("ok")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"key":"42:split:0"}""")]
    [InlineData("""{"key":"42:split:0","id":null}""")]
    [InlineData("""{"key":"42:split:0","id":""}""")]
    [InlineData("""{"key":"42:split:0","id":true}""")]
    [InlineData("""{"key":"42:split:0","id":{}}""")]
    [InlineData("""{"key":"43:split:0","id":"r-1"}""")]
    [InlineData("""{"key":42,"id":"r-1"}""")]
    [InlineData("""{"id":"r-1"}""")]
    [InlineData("""{"key":"42:split:0","id":"r-1"}x""")]
    [InlineData("""{"key":"42:split:0","id":"r-1" """)]
    [InlineData("""[{"key":"42:split:0","id":"r-1"}]""")]
    [InlineData("""{"key":"","id":"r-1"}""")]
    [InlineData("""{"KEY":"42:split:0","Id":"r-1"}""")]
    [InlineData("""{"key":"42:split:0","id":"r-1","id":"r-2"}""")]
    [InlineData("""{"key":"43:split:0","key":"42:split:0","id":"r-1"}""")]
    [InlineData("""{"key":"42:split:0","id":["r-1"]}""")]
    [InlineData("""{"body":{"key":"42:split:0","id":"r-1"}}""")]
    [InlineData("""{"key":"42:split:0","id":01}""")]
    [InlineData("""{"key":"42:split:0","id":NaN}""")]
    [InlineData("""{"key":"42:split:0","id":"r-1"}{"key":"42:split:0","id":"r-1"}""")]
    [InlineData("""{"key":"42:split:0","id":"r-1",}""")]
    [InlineData("""{"key":"42:split:0","id":"\ud800"}""")]
    public void An_answer_that_is_not_a_good_one_for_this_key_is_unknown(string body)
    {
        Assert.IsType<CallAnswer.Unknown>(Post(200, body));
        Assert.IsType<CallAnswer.Unknown>(Post(409, body));
    }

    [Fact]
    public void Other_members_may_nest_deep() =>
        Assert.Equal(new CallAnswer.Delivered("r-1"), Post(201, $$"""{"more":{{new string('[', 500)}}{{new string(']', 500)}},"key":"42:split:0","id":"r-1"}"""));

    [Fact]
    public void An_empty_key_is_nobodys() => Assert.IsType<CallAnswer.Unknown>(AnswerClassifier.OfPost("", Answer(200, """{"key":"","id":17}""", null), Now));

    [Fact]
    public void Text_that_is_no_utf8_is_no_good_answer() =>
        Assert.IsType<CallAnswer.Unknown>(AnswerClassifier.OfPost(Key, RawAnswer.Answered(200, AnswerHeaders.None, new byte[] { (byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}' }), Now));

    [Theory]
    [InlineData("""{"error":"idempotency_mismatch"}""")]
    [InlineData("""{"error":"idempotency_mismatch","key":"42:split:0","id":"r-1"}""")]
    public void A_mismatch_is_rejected(string body) => Assert.IsType<CallAnswer.Rejected>(Post(409, body));

    [Theory]
    [InlineData(400)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(410)]
    [InlineData(413)]
    [InlineData(422)]
    [InlineData(451)]
    [InlineData(499)]
    public void Other_4xx_are_rejected(int status) =>
        Assert.Equal(new CallAnswer.Rejected($"{status}: no such merchant"), Post(status, "no such merchant"));

    [Fact]
    public void A_401_says_something_of_our_credentials_only() => Assert.Equal(new CallAnswer.CredentialsRefused("401"), Post(401, ""));

    [Theory]
    [InlineData(408, true)]
    [InlineData(425, true)]
    [InlineData(429, false)]
    [InlineData(500, true)]
    [InlineData(501, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(599, true)]
    public void Retry_later_without_a_time(int status, bool isAttempt) =>
        Assert.Equal(new CallAnswer.RetryLater($"{status}", isAttempt, null, status == 429, status is 408 or >= 500), Post(status, ""));

    [Theory]
    [InlineData(408, true)]
    [InlineData(429, false)]
    [InlineData(500, true)]
    [InlineData(503, false)]
    public void Retry_later_with_a_time(int status, bool isAttempt) =>
        Assert.Equal(new CallAnswer.RetryLater($"{status}", isAttempt, TimeSpan.FromSeconds(7), status == 429, status is 408 or >= 500), Post(status, "", "7"));

    [Theory]
    [InlineData(100)]
    [InlineData(203)]
    [InlineData(204)]
    [InlineData(206)]
    [InlineData(207)]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    [InlineData(600)]
    [InlineData(0)]
    public void Redirects_and_other_statuses_are_unknown_even_with_a_good_body(int status) => Assert.IsType<CallAnswer.Unknown>(Post(status, Good));

    [Fact]
    public void What_was_lost_is_unknown_and_what_was_never_sent_is_not()
    {
        Assert.Equal(new CallAnswer.Unknown("timeout"), AnswerClassifier.OfPost(Key, RawAnswer.Lost("timeout"), Now));
        Assert.Equal(new CallAnswer.NeverSent("refused"), AnswerClassifier.OfPost(Key, RawAnswer.NeverSent("refused"), Now));
    }

    [Fact]
    public void A_broken_off_body_leaves_the_status_its_meaning()
    {
        Assert.IsType<CallAnswer.Unknown>(AnswerClassifier.OfPost(Key, RawAnswer.Truncated(200, AnswerHeaders.None, "too long"), Now));
        Assert.Equal(new CallAnswer.RetryLater("500: too long", true, MayHaveHappened: true), AnswerClassifier.OfPost(Key, RawAnswer.Truncated(500, AnswerHeaders.None, "too long"), Now));
    }

    [Fact]
    public void A_get_finds_a_good_answer_or_that_it_never_arrived()
    {
        Assert.Equal(new CallAnswer.Delivered("r-1"), Get(200, Good));
        Assert.IsType<CallAnswer.NotFound>(Get(404, ""));
    }

    [Theory]
    [InlineData(201)]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(409)]
    public void Any_other_answer_to_a_get_says_nothing(int status) => Assert.IsType<CallAnswer.Unknown>(Get(status, status == 200 ? "{}" : Good));

    [Fact]
    public void A_get_heeds_credentials_and_times_as_a_post_does()
    {
        Assert.IsType<CallAnswer.CredentialsRefused>(Get(401, ""));
        Assert.Equal(new CallAnswer.RetryLater("429", false, TimeSpan.FromSeconds(3), true), Get(429, "", "3"));
        Assert.Equal(new CallAnswer.RetryLater("500", true, MayHaveHappened: true), Get(500, ""));
    }

    [Fact]
    public void Reasons_are_one_short_line()
    {
        var reason = Assert.IsType<CallAnswer.Rejected>(Post(422, new string('x', 150) + "\r\n" + new string('y', 1_000))).Reason;

        Assert.DoesNotContain('\n', reason);
        Assert.InRange(reason.Length, 150, 210);
    }

    static CallAnswer Post(int status, string body, string? retryAfter = null) => AnswerClassifier.OfPost(Key, Answer(status, body, retryAfter), Now);

    static CallAnswer Get(int status, string body, string? retryAfter = null) => AnswerClassifier.OfGet(Key, Answer(status, body, retryAfter), Now);

    static RawAnswer Answer(int status, string body, string? retryAfter) =>
        RawAnswer.Answered(status, new() { RetryAfter = retryAfter }, Encoding.UTF8.GetBytes(body));
}
