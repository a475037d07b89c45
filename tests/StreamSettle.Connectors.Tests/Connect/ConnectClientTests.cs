using System.Net;
using StreamSettle.Connectors.Connect;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Connect;

public class ConnectClientTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    readonly VirtualTime time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task A_status_has_the_connector_and_its_tasks_in_order()
    {
        using var client = Client(new Answers((HttpStatusCode.OK, """
            {"name":"shop-json","connector":{"state":"RUNNING","worker_id":"w:1","version":"3.7.0"},
             "tasks":[{"id":1,"state":"NEW_WORD","worker_id":"w:2"},{"id":0,"state":"FAILED","worker_id":"w:1","trace":"io.x.A: broken\n\tat f\nCaused by: org.y.B: no [a, [b]] slot"}],"type":"source"}
            """)));

        var status = await client.StatusAsync("shop-json", Patience, default);

        Assert.Equal((ConnectorState.Running, "w:1", false, true), (status!.State, status.Worker, status.Runs, status.HasFailed));
        Assert.Equal([(0, ConnectorState.Failed), (1, ConnectorState.Unknown)], status.Tasks.Select(task => (task.Id, task.State)));
        Assert.Equal("runs, but its task 0 is FAILED: A: broken; because B: no [...] slot", status.Problem);
    }

    [Theory]
    [InlineData("""{"lsn":26766864}""", false, 26766864UL)]
    [InlineData("""{"lsn_proc":30,"messageType":"COMMIT","lsn_commit":40,"lsn":20,"txId":777,"ts_usec":1795888279084830}""", false, 40UL)]
    [InlineData("""{"lsn":5,"snapshot":"INITIAL","snapshot_completed":false}""", true, 5UL)]
    [InlineData("""{"lsn":5,"snapshot":"INITIAL","snapshot_completed":true}""", false, 5UL)]
    [InlineData("""{"lsn":5,"snapshot":true,"last_snapshot_record":false}""", true, 5UL)]
    public async Task An_offset_is_the_greatest_position_that_it_has(string offset, bool inSnapshot, ulong lsn)
    {
        using var client = Client(new Answers((HttpStatusCode.OK, $$"""{"offsets":[{"partition":{"server":"old"},"offset":{"lsn":99} },{"partition":{"server":"shop"},"offset":{{offset}}}]}""")));

        var read = await client.OffsetAsync("shop-json", "shop", Patience, default);

        Assert.Equal((inSnapshot, lsn), (read!.IsInSnapshot, read.Lsn));
    }

    [Theory]
    [InlineData("""{"offsets":[]}""")]
    [InlineData("""{"offsets":null}""")]
    [InlineData("""{"offsets":[{"partition":{"server":"shop"},"offset":null}]}""")]
    [InlineData("""{"offsets":[{"partition":{"server":"another"},"offset":{"lsn":5}}]}""")]
    public async Task Nothing_committed_is_no_offset(string answer)
    {
        using var client = Client(new Answers((HttpStatusCode.OK, answer)));

        Assert.Null(await client.OffsetAsync("shop-json", "shop", Patience, default));
    }

    [Theory]
    [InlineData("""{"lsn":"5"}""")]
    [InlineData("""{"file":"a.txt","position":5}""")]
    public async Task An_offset_of_something_else_is_refused_and_not_guessed(string offset)
    {
        using var client = Client(new Answers((HttpStatusCode.OK, $$"""{"offsets":[{"partition":{"server":"shop"},"offset":{{offset}}}]}""")));

        var refused = await Assert.ThrowsAsync<UserMistakeException>(() => client.OffsetAsync("shop-json", "shop", Patience, default));
        Assert.Contains("none of Debezium for PostgreSQL", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_shares_its_work_out_is_asked_again()
    {
        var answers = new Answers(
            (HttpStatusCode.Conflict, """{"error_code":409,"message":"Cannot complete request because of a conflicting operation (e.g. worker rebalance)"}"""),
            (HttpStatusCode.Conflict, """{"error_code":409,"message":"Cannot complete request because of a conflicting operation (e.g. worker rebalance)"}"""),
            (HttpStatusCode.OK, "{}"));
        using var client = Client(answers);

        await Passing(client.PutConfigAsync("shop-json", new Dictionary<string, string> { ["a"] = "b" }, default));

        Assert.Equal(Enumerable.Repeat("""PUT /rest/connectors/shop-json/config {"a":"b"}""", 3), answers.Asked);
    }

    [Fact]
    public async Task One_that_never_ends_to_is_given_up_with_what_it_says()
    {
        using var client = Client(new Answers((HttpStatusCode.Conflict, """{"error_code":409,"message":"worker rebalance"}""")));

        var failed = await Assert.ThrowsAsync<EnvironmentFailedException>(() => Passing(client.RestartAsync("shop-json", onlyFailed: true, default)));
        Assert.Contains("shop-json", failed.Message, StringComparison.Ordinal);
        Assert.Contains("worker rebalance", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, """{"error_code":400,"message":"Connector configuration is invalid and contains the following 1 error(s):\nThe port is not a number"}""", "refuses the configuration of the connector shop-json: Connector configuration is invalid", true)]
    [InlineData(401, "", "Connect:Url", true)]
    [InlineData(500, """{"error_code":500,"message":"Request timed out"}""", "Request timed out", false)]
    [InlineData(404, "<html>", "does not answer as Kafka Connect does", true)]
    [InlineData(302, "", "does not answer as Kafka Connect does", true)]
    [InlineData(0, "", "cannot be reached", false)]
    public async Task What_is_wrong_says_where_and_what_to_do(int status, string body, string expected, bool isMistake)
    {
        using var client = Client(new Answers(((HttpStatusCode)status, body)));

        var wrong = await Assert.ThrowsAnyAsync<Exception>(() => client.PutConfigAsync("shop-json", new Dictionary<string, string>(), default));

        Assert.Equal(isMistake ? typeof(UserMistakeException) : typeof(EnvironmentFailedException), wrong.GetType());
        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
        Assert.Contains("http://connect:8083/rest", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_and_password_of_the_url_go_as_basic_authentication()
    {
        var answers = new Answers((HttpStatusCode.NotFound, """{"error_code":404,"message":"Connector a/b not found"}"""));
        using var client = Client(answers);

        Assert.Null(await client.StatusAsync("a/b", Patience, default));
        Assert.Equal(["GET /rest/connectors/a%2Fb/status"], answers.Asked);
        Assert.Equal("Basic " + Convert.ToBase64String("ann:s3cret@"u8), answers.Authorization);
    }

    ConnectClient Client(Answers answers) =>
        new(new Uri("http://ann:s3cret%40@connect:8083/rest"), time, answers);

    /// <summary>Lets time pass as long as something waits for it.</summary>
    async Task Passing(Task work)
    {
        while (!work.IsCompleted)
        {
            if (time.UntilNextTimer is { } next)
            {
                time.Advance(next);
            }

            await Task.Yield();
        }

        await work;
    }
}
