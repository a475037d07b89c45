using System.Text;
using StreamSettle.Delivery.Callbacks;
using StreamSettle.Kernel.Calls;
using Xunit;

namespace StreamSettle.Delivery.Tests.Callbacks;

public sealed class ReturnedCallTests
{
    const string Good = """{"key":"42:split:0;r2","state":"RETURNED","reason":" account closed ","at":"2026-11-01T01:00:00+01:00","bank":{"code":[7]}}""";

    static ReturnedCall? Read(string body, out string? problem) => ReturnedCall.Read(Encoding.UTF8.GetBytes(body), Leg.Split, out problem);

    [Fact]
    public void What_it_says_is_read_and_more_is_ignored()
    {
        var call = Read(Good, out var problem);

        Assert.Null(problem);
        Assert.Equal((new CallKey(new(42), Leg.Split, 0, 2), "account closed", "2026-11-01T00:00:00Z"), (call!.Key, call.Reason, call.At.ToString()));
    }

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("[]", "JSON object")]
    [InlineData("""{"key":"42:split:0","key":"43:split:0"}""", "no JSON")]
    [InlineData("""{"state":"RETURNED","reason":"a","at":"2026-11-01T00:00:00Z"}""", "key")]
    [InlineData("""{"key":42,"state":"RETURNED","reason":"a","at":"2026-11-01T00:00:00Z"}""", "key")]
    [InlineData("""{"key":"042:split:0","state":"RETURNED","reason":"a","at":"2026-11-01T00:00:00Z"}""", "key")]
    [InlineData("""{"key":"42:split:0;r0","state":"RETURNED","reason":"a","at":"2026-11-01T00:00:00Z"}""", "key")]
    [InlineData("""{"key":"42:split:0;r01","state":"RETURNED","reason":"a","at":"2026-11-01T00:00:00Z"}""", "key")]
    [InlineData("""{"key":"42:tax:0","state":"RETURNED","reason":"a","at":"2026-11-01T00:00:00Z"}""", "split")]
    [InlineData("""{"key":"42:split:0","state":"PAID","reason":"a","at":"2026-11-01T00:00:00Z"}""", "RETURNED")]
    [InlineData("""{"key":"42:split:0","state":"RETURNED","at":"2026-11-01T00:00:00Z"}""", "reason")]
    [InlineData("""{"key":"42:split:0","state":"RETURNED","reason":"  ","at":"2026-11-01T00:00:00Z"}""", "reason")]
    [InlineData("""{"key":"42:split:0","state":"RETURNED","reason":"\ud800","at":"2026-11-01T00:00:00Z"}""", "no JSON")]
    [InlineData("""{"key":"42:split:0","state":"RETURNED","reason":"a","at":"yesterday"}""", "at must be")]
    public void What_is_wrong_is_named(string body, string names)
    {
        Assert.Null(Read(body, out var problem));
        Assert.Contains(names, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_reason_is_cut_and_no_letter_is()
    {
        var reason = new string('x', 511) + "\U0001F4B8";
        var call = Read(Good.Replace(" account closed ", reason, StringComparison.Ordinal), out _);
        Assert.Equal(new string('x', 511), call!.Reason);
    }
}
