using System.Text;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams.Effects;
using Xunit;

namespace StreamSettle.Sandbox.Tests.Downstreams;

public class ContractTests
{
    [Fact]
    public async Task The_same_key_and_body_is_the_same_effect_and_the_same_answer()
    {
        await using var systems = await RunningDownstreams.StartAsync();
        var first = await systems.PostAsync(Leg.Split, "42:split:0", Bodies.Split(42));
        var second = await systems.PostAsync(Leg.Split, "42:split:0", Bodies.Split(42));
        var asked = await systems.GetAsync(Leg.Split, "42:split:0");

        Assert.Equal(201, first.Status);
        Assert.Equal("42:split:0", first.Json.GetProperty("key").GetString());
        Assert.Equal((first.Status, first.Body), (second.Status, second.Body));
        Assert.Equal((200, first.Body), (asked.Status, asked.Body));
        Assert.Equal([EffectOutcome.Accepted, EffectOutcome.Repeated], systems.Server.Effects.Snapshot().Select(entry => entry.Outcome));
        Assert.Equal(Bodies.Split(42), Encoding.UTF8.GetString(systems.Server.Effects.Snapshot()[0].Body));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused_and_changes_nothing()
    {
        await using var systems = await RunningDownstreams.StartAsync();
        await systems.PostAsync(Leg.Split, "42:split:0", Bodies.Split(42));
        var other = await systems.PostAsync(Leg.Split, "42:split:0", Bodies.Split(42, amount: 2000));

        Assert.Equal((409, """{"error":"idempotency_mismatch"}"""), (other.Status, other.Body));
        Assert.Equal(EffectOutcome.Mismatch, systems.Server.Effects.Snapshot()[1].Outcome);
        Assert.Equal(1, systems.Server.Stats()[1].Mismatches);
    }

    [Fact]
    public async Task What_never_arrived_is_not_found()
    {
        await using var systems = await RunningDownstreams.StartAsync();
        Assert.Equal(404, (await systems.GetAsync(Leg.Tax, "1:tax:0")).Status);
    }

    [Theory]
    [InlineData(Leg.Verification)]
    [InlineData(Leg.Commission)]
    [InlineData(Leg.Tax)]
    [InlineData(Leg.TaxRefund)]
    public async Task Every_system_takes_the_body_of_its_leg(Leg leg)
    {
        await using var systems = await RunningDownstreams.StartAsync();
        var body = leg switch { Leg.Verification => Bodies.Verification(3), Leg.Commission => Bodies.Commission(3), Leg.Tax => Bodies.Tax(3), _ => Bodies.TaxRefund(3) };
        var answer = await systems.PostAsync(leg, $"3:{leg.Name()}:0", body);

        Assert.Equal(201, answer.Status);
        Assert.Equal(leg == Leg.Tax ? System.Text.Json.JsonValueKind.Number : System.Text.Json.JsonValueKind.String, answer.Json.GetProperty("id").ValueKind);
    }

    [Fact]
    public async Task A_batch_answers_each_item_and_shares_keys_with_single_calls()
    {
        await using var systems = await RunningDownstreams.StartAsync();
        var single = await systems.PostAsync(Leg.Split, "1:split:0", Bodies.Split(1));
        var batch = await systems.BatchAsync(Leg.Split, Bodies.Batch(("1:split:0", Bodies.Split(1)), ("2:split:0", Bodies.Split(2)), ("3:split:0", Bodies.Split(4))));

        Assert.Equal(207, batch.Status);
        var results = batch.Json.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal(["1:split:0", "2:split:0", "3:split:0"], results.Select(result => result.GetProperty("key").GetString()));
        Assert.Equal([201, 201, 422], results.Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal(single.Body, results[0].GetProperty("body").GetRawText());
        Assert.Equal([EffectOutcome.Accepted, EffectOutcome.Repeated, EffectOutcome.Accepted, EffectOutcome.Rejected], systems.Server.Effects.Snapshot().Select(entry => entry.Outcome));
    }

    [Fact]
    public async Task A_batch_that_breaks_the_contract_is_counted()
    {
        await using var systems = await RunningDownstreams.StartAsync();
        await systems.BatchAsync(Leg.Split, Bodies.Batch(("1:split:0", Bodies.Split(1)), ("2:split:0", Bodies.Split(2))));
        Assert.Equal(0, systems.Server.Stats()[1].BatchViolations);
        await systems.BatchAsync(Leg.Split, Bodies.Batch(Enumerable.Range(3, 3).Select(order => ($"{order}:split:0", Bodies.Split(order)))));
        Assert.Equal(1, systems.Server.Stats()[1].BatchViolations);
    }

    [Fact]
    public async Task An_invoice_can_be_sent_later_where_invoices_are_taken()
    {
        await using var systems = await RunningDownstreams.StartAsync();
        await systems.PostAsync(Leg.Verification, "1:verification:0", Bodies.Verification(1));
        await systems.PostAsync(Leg.Split, "1:split:0", Bodies.Split(1));

        Assert.Equal(200, (await systems.PatchAsync(Leg.Verification, "1:verification:0", """{"invoice":{"number":"I-1"}}""")).Status);
        Assert.Equal(200, (await systems.PatchAsync(Leg.Verification, "1:verification:0", """{"invoice":{"number":"I-1"}}""")).Status);
        Assert.Equal(404, (await systems.PatchAsync(Leg.Verification, "2:verification:0", """{"invoice":{}}""")).Status);
        Assert.Equal(405, (await systems.PatchAsync(Leg.Split, "1:split:0", """{"invoice":{}}""")).Status);
        Assert.Equal(2, systems.Server.Effects.Snapshot().Count(entry => entry.Outcome == EffectOutcome.Patched));
    }

    [Theory]
    [InlineData("42:tax:0", "the key is none of this system's")]
    [InlineData("042:split:0", "the key is none of this system's")]
    [InlineData("43:split:0", "orderId is not the key's")]
    [InlineData("42:split:1", "kind does not fit the key's number")]
    public async Task A_key_that_does_not_fit_is_refused(string key, string problem)
    {
        await using var systems = await RunningDownstreams.StartAsync();
        var answer = await systems.PostAsync(Leg.Split, key, Bodies.Split(42));

        Assert.Equal((422, problem), (answer.Status, answer.Json.GetProperty("problem").GetString()));
    }

    [Theory]
    [InlineData("\"amount\":1000", "\"amount\":1001", "amount is not the sum of the lines")]
    [InlineData("\"amount\":900", "\"amount\":-900", "a line's amount is no positive whole number")]
    [InlineData("\"amount\":1000", "\"amount\":10.5", "amount is no positive whole number")]
    [InlineData("platform", "tax:DE", "party 'tax:DE' does not belong here")]
    [InlineData("\"EUR\"", "\"XXX\"", "currency is none")]
    [InlineData("00:00:00Z", "00:00:00", "completedAt is no instant in UTC")]
    public async Task A_body_that_breaks_the_contract_is_refused(string from, string to, string problem)
    {
        await using var systems = await RunningDownstreams.StartAsync();
        var answer = await systems.PostAsync(Leg.Split, "42:split:0", Bodies.Split(42).Replace(from, to, StringComparison.Ordinal));

        Assert.Equal((422, problem), (answer.Status, answer.Json.GetProperty("problem").GetString()));
        Assert.Equal(404, (await systems.GetAsync(Leg.Split, "42:split:0")).Status);
    }

    [Fact]
    public async Task A_call_without_a_key_is_refused()
    {
        await using var systems = await RunningDownstreams.StartAsync();
        using var client = new HttpClient();
        using var answer = await client.PostAsync(new Uri(systems.Server.BaseUrls[Leg.Split], "splits"), new StringContent(Bodies.Split(1)));
        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Effects_are_read_page_by_page()
    {
        await using var systems = await RunningDownstreams.StartAsync();
        await systems.BatchAsync(Leg.Split, Bodies.Batch(Enumerable.Range(1, 5).Select(order => ($"{order}:split:0", Bodies.Split(order, merchant: order)))));
        var page = await systems.ControlAsync(HttpMethod.Get, "/effects?after=1&limit=2");

        Assert.Equal((3, 5), (page.Json.GetProperty("next").GetInt32(), page.Json.GetProperty("total").GetInt32()));
        var effects = page.Json.GetProperty("effects").EnumerateArray().ToArray();
        Assert.Equal(["2:split:0", "3:split:0"], effects.Select(effect => effect.GetProperty("key").GetString()));
        Assert.Equal(Bodies.Split(2, merchant: 2), Encoding.UTF8.GetString(effects[0].GetProperty("body").GetBytesFromBase64()));
        Assert.Equal(0, (await systems.ControlAsync(HttpMethod.Get, "/effects?system=tax")).Json.GetProperty("effects").GetArrayLength());
    }

    [Fact]
    public async Task Effects_in_a_file_outlive_the_systems_and_a_torn_last_line()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("streamsettle-effects-").FullName, "effects.jsonl");
        await using (var systems = await RunningDownstreams.StartAsync(file: file))
        {
            await systems.PostAsync(Leg.Split, "1:split:0", Bodies.Split(1));
            Assert.Single(EffectLog.ReadFile(file));
        }

        await File.AppendAllTextAsync(file, "{\"sequence\":2,\"sys");
        await using (var systems = await RunningDownstreams.StartAsync(file: file))
        {
            Assert.Equal(200, (await systems.GetAsync(Leg.Split, "1:split:0")).Status);
            await systems.PostAsync(Leg.Split, "1:split:0", Bodies.Split(1));
        }

        Assert.Equal([EffectOutcome.Accepted, EffectOutcome.Repeated], EffectLog.ReadFile(file).Select(entry => entry.Outcome));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}
