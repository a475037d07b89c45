using System.Text;
using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Http;
using StreamSettle.Delivery.Options;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Calls;
using Xunit;

namespace StreamSettle.Delivery.Tests.Http;

/// <summary>The channel over real sockets: what each misbehaviour of a system means.</summary>
public class HttpTransportTests
{
    const string Good = """{"key":"42:split:0","id":"r-1"}""";
    static readonly Task Never = new TaskCompletionSource().Task;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_post_carries_key_type_headers_and_the_frozen_bytes()
    {
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, "Bearer s3cret\n");
        await using var server = RawServer.Always(RawServer.Response("201 Created", Good));
        var options = Options(server) with { Headers = new Dictionary<string, string> { ["X-Team"] = "settle", ["AuthorizationFile"] = secret } };

        Assert.Equal(new CallAnswer.Delivered("r-1"), await CallAsync(options, post: true));
        var lines = server.Requests.Single().Split("\r\n");
        Assert.Equal("POST /api/splits HTTP/1.1", lines[0]);
        Assert.Contains("Idempotency-Key: 42:split:0", lines);
        Assert.Contains("Content-Type: application/json", lines);
        Assert.Contains("X-Team: settle", lines);
        Assert.Contains("Authorization: Bearer s3cret", lines);
        Assert.Equal("""{"a":1}""", lines[^1]);
        File.Delete(secret);
    }

    [Fact]
    public async Task A_get_asks_for_the_percent_encoded_key()
    {
        await using var server = RawServer.Always(RawServer.Response("200 OK", Good));

        Assert.Equal(new CallAnswer.Delivered("r-1"), await CallAsync(Options(server), post: false));
        Assert.StartsWith("GET /api/splits/42%3Asplit%3A0 HTTP/1.1\r\n", server.Requests.Single());
    }

    [Fact]
    public async Task A_get_whose_kept_connection_ends_without_an_answer_is_not_made_again_unseen()
    {
        var served = 0;
        await using var server = new RawServer((_, stream, cancellation) => Interlocked.Increment(ref served) == 1
            ? stream.WriteAsync(Encoding.ASCII.GetBytes(RawServer.Response("200 OK", Good)), cancellation).AsTask()
            : throw new IOException("reset"));
        await using var channel = DownstreamChannel.OverHttp(Leg.Split, Options(server), TimeProvider.System);
        var answers = Channel();
        var member = channel.Join(0, message => answers.Writer.TryWrite(message), [], 0);

        Assert.IsType<CallAnswer.Delivered>(await AskAsync(channel, member, answers, post: false));
        Assert.IsType<CallAnswer.Unknown>(await AskAsync(channel, member, answers, post: false));
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("403 Forbidden", typeof(CallAnswer.Rejected))]
    [InlineData("200 OK", typeof(CallAnswer.Unknown))]
    public async Task What_a_system_sends_back_of_our_credentials_is_not_shown(string status, Type meaning)
    {
        const string token = "0123456789-token";
        await using var server = RawServer.Always(RawServer.Response(status, $"no such key '{token}', {new string('.', 160)} '{token}'"));
        var options = Options(server) with { Headers = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" } };

        var answer = await CallAsync(options, post: true);

        Assert.IsType(meaning, answer);
        Assert.Contains("no such key '***', ...", answer.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("0123", answer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(0.1, 1)]
    public void A_connection_of_many_requests_that_leads_nowhere_is_found_out_by_pings(double timeout, double answeredWithin)
    {
        using var handler = ConnectionSettings.Handler(new() { BaseUrl = "https://split", Timeout = TimeSpan.FromSeconds(timeout) });

        Assert.Equal(
            (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(answeredWithin), HttpKeepAlivePingPolicy.WithActiveRequests),
            (handler.KeepAlivePingDelay, handler.KeepAlivePingTimeout, handler.KeepAlivePingPolicy));
    }

    [Fact]
    public async Task A_batch_goes_to_its_own_path_with_keys_and_frozen_bodies()
    {
        await using var server = RawServer.Always(RawServer.Response("207 Multi-Status", """{"results":[{"key":"42:split:0","status":201,"headers":{},"body":{"key":"42:split:0","id":7}}]}"""));

        Assert.Equal(new CallAnswer.Delivered("7"), await CallAsync(Options(server) with { BatchSize = 10 }, post: true));
        var lines = server.Requests.Single().Split("\r\n");
        Assert.Equal("POST /api/splits:batch HTTP/1.1", lines[0]);
        Assert.Equal("""{"items":[{"key":"42:split:0","body":{"a":1}}]}""", lines[^1]);
    }

    [Fact]
    public async Task Headers_that_mean_something_come_through()
    {
        await using var server = RawServer.Always(RawServer.Response("503 Service Unavailable", "", "retry-after: 5\r\nRetry-After: 7\r\nretry-after: soon\r\n"));

        Assert.Equal(new CallAnswer.RetryLater("503", IsAttempt: false, TimeSpan.FromSeconds(7), MayHaveHappened: true), await CallAsync(Options(server), post: true));
    }

    [Fact]
    public async Task A_refused_connection_was_never_sent()
    {
        var server = RawServer.Always("");
        var options = Options(server);
        await server.DisposeAsync();

        Assert.IsType<CallAnswer.NeverSent>(await CallAsync(options, post: true));
    }

    [Fact]
    public async Task A_name_that_is_not_known_was_never_sent() =>
        Assert.IsType<CallAnswer.NeverSent>(await CallAsync(new() { BaseUrl = "http://no-such-host.invalid" }, post: true));

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_unknown()
    {
        await using var server = new RawServer((_, _, cancellation) => Never.WaitAsync(cancellation));

        Assert.Equal(new CallAnswer.Unknown("no answer in time"), await CallAsync(Options(server) with { Timeout = TimeSpan.FromSeconds(1) }, post: true));
    }

    [Fact]
    public async Task An_answer_that_drips_too_slowly_is_unknown()
    {
        await using var server = new RawServer(async (_, stream, cancellation) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"key\""), cancellation);
            await Never.WaitAsync(cancellation);
        });

        Assert.IsType<CallAnswer.Unknown>(await CallAsync(Options(server) with { Timeout = TimeSpan.FromSeconds(1) }, post: true));
    }

    [Fact]
    public async Task A_connection_that_is_reset_after_the_request_is_unknown()
    {
        await using var server = new RawServer((_, _, _) => throw new IOException("reset"));

        Assert.IsType<CallAnswer.Unknown>(await CallAsync(Options(server), post: true));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_unknown()
    {
        await using var server = new RawServer(async (_, stream, cancellation) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n" + Good), cancellation);
            throw new IOException("reset");
        });

        Assert.IsType<CallAnswer.Unknown>(await CallAsync(Options(server), post: true));
    }

    [Fact]
    public async Task Garbage_is_unknown()
    {
        await using var server = RawServer.Always("\u0001\u0002 nothing of HTTP\r\n\r\n");

        Assert.IsType<CallAnswer.Unknown>(await CallAsync(Options(server), post: true));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = RawServer.Always(RawServer.Response("201 Created", Good));
        await using var server = RawServer.Always(RawServer.Response("307 Temporary Redirect", "", $"Location: {elsewhere.Url}/splits\r\n"));

        Assert.Equal(new CallAnswer.Unknown("307"), await CallAsync(Options(server), post: true));
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [InlineData("201 Created", typeof(CallAnswer.Unknown))]
    [InlineData("422 Unprocessable", typeof(CallAnswer.Rejected))]
    public async Task A_body_that_is_too_long_is_not_read_and_its_status_counts(string status, Type meaning)
    {
        await using var server = RawServer.Always(RawServer.Response(status, $$"""{"key":"42:split:0","id":"{{new string('x', 2_000_000)}}"}"""));

        Assert.IsType(meaning, await CallAsync(Options(server), post: true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task A_good_answer_that_repeats_a_large_body_confirms(int batchSize)
    {
        const int Large = 3_000_000;
        var echo = $$"""{"key":"42:split:0","id":"r-1","body":"{{new string('x', Large)}}"}""";
        await using var server = batchSize == 1
            ? RawServer.Always(RawServer.Response("200 OK", echo))
            : RawServer.Always(RawServer.Response("207 Multi-Status", $$"""{"results":[{"key":"42:split:0","status":201,"headers":{},"body":{{echo}}}]}"""));

        Assert.Equal(new CallAnswer.Delivered("r-1"), await CallAsync(Options(server) with { BatchSize = batchSize }, post: true, frozenLength: Large));
        if (batchSize == 1)
        {
            Assert.Equal(new CallAnswer.Delivered("r-1"), await CallAsync(Options(server), post: false, frozenLength: Large));
        }
    }

    [Fact]
    public async Task A_probe_after_a_401_goes_with_the_token_that_the_file_holds_then()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "old");
        await using var server = new RawServer((request, stream, cancellation) => stream.WriteAsync(Encoding.ASCII.GetBytes(
            request.Contains("Authorization: new\r\n", StringComparison.Ordinal) ? RawServer.Response("200 OK", Good) : RawServer.Response("401 Unauthorized", "")), cancellation).AsTask());
        var options = Options(server) with { RetryBase = TimeSpan.FromMilliseconds(10), Headers = new Dictionary<string, string> { ["AuthorizationFile"] = file } };
        await using var channel = DownstreamChannel.OverHttp(Leg.Split, options, TimeProvider.System);
        var answers = Channel();
        var member = channel.Join(0, message => answers.Writer.TryWrite(message), [], 0);
        Assert.IsType<CallAnswer.CredentialsRefused>(await AskAsync(channel, member, answers));
        await File.WriteAllTextAsync(file, "new");

        Assert.Equal(new CallAnswer.Delivered("r-1"), await AskAsync(channel, member, answers));
        File.Delete(file);
    }

    [Theory]
    [InlineData("gzip", typeof(CallAnswer.Delivered))]
    [InlineData("br", typeof(CallAnswer.Delivered))]
    [InlineData("deflate", typeof(CallAnswer.Delivered))]
    [InlineData("zstd", typeof(CallAnswer.Unknown))]
    public async Task An_answer_that_is_compressed_unasked_is_read_where_its_way_is_known(string encoding, Type meaning)
    {
        var packed = Packed(encoding, Good);
        await using var server = new RawServer(async (_, stream, cancellation) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {packed.Length}\r\n\r\n"), cancellation);
            await stream.WriteAsync(packed, cancellation);
        });

        Assert.IsType(meaning, await CallAsync(Options(server), post: true));
    }

    [Fact]
    public async Task A_compressed_answer_is_bounded_by_what_it_becomes_and_a_broken_one_leaves_its_status()
    {
        var bomb = Packed("gzip", $$"""{"key":"42:split:0","id":"{{new string('x', 5_000_000)}}"}""");
        await using var large = new RawServer((_, stream, cancellation) => SendAsync(stream, "200 OK", bomb, cancellation));
        await using var broken = new RawServer((_, stream, cancellation) => SendAsync(stream, "422 No", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], cancellation));

        Assert.IsType<CallAnswer.Unknown>(await CallAsync(Options(large), post: true));
        Assert.IsType<CallAnswer.Rejected>(await CallAsync(Options(broken), post: true));
    }

    [Fact]
    public async Task A_chunked_answer_without_end_is_unknown()
    {
        await using var server = new RawServer(async (_, stream, cancellation) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Good.Length:x}\r\n{Good}\r\n"), cancellation);
            await Never.WaitAsync(cancellation);
        });

        Assert.IsType<CallAnswer.Unknown>(await CallAsync(Options(server) with { Timeout = TimeSpan.FromSeconds(1) }, post: true));
    }

    [Fact]
    public async Task A_content_type_says_nothing_and_the_body_all()
    {
        await using var server = RawServer.Always(RawServer.Response("201 Created", Good, "Content-Type: text/html; charset=utf-16\r\n"));

        Assert.Equal(new CallAnswer.Delivered("r-1"), await CallAsync(Options(server), post: true));
    }

    [Fact]
    public async Task Many_calls_at_once_each_get_their_own_answer()
    {
        await using var server = new RawServer((request, stream, cancellation) =>
        {
            var key = request.Split("Idempotency-Key: ")[1].Split("\r\n")[0];
            return stream.WriteAsync(Encoding.ASCII.GetBytes(RawServer.Response("201 Created", $$"""{"key":"{{key}}","id":"of {{key}}"}""")), cancellation).AsTask();
        });
        await using var channel = DownstreamChannel.OverHttp(Leg.Split, Options(server), TimeProvider.System);
        var answers = Channel();
        var member = channel.Join(0, message => answers.Writer.TryWrite(message), [], 0);
        var left = new Queue<int>(Enumerable.Range(1, 200));
        var seen = 0;
        while (seen < 200)
        {
            var calls = new List<OutboundCall>();
            while (left.Count > 0 && channel.TryTake(member.Seats[(int)CallClass.Ordinary], left.Count, out _))
            {
                var key = new CallKey(new(left.Dequeue()), Leg.Split, 0);
                calls.Add(new(member, key, new(new(key.Order.Value), Lane.Ordinary, 0), Encoding.ASCII.GetBytes("{}"), 2, false));
            }

            channel.Dispatch(member, calls);
            var message = await answers.Reader.ReadAsync().AsTask().WaitAsync(Patience);
            if (message is ChannelMessage.Answered { Call: var call, Answer: var answer })
            {
                Assert.Equal(new CallAnswer.Delivered($"of {call.KeyText}"), answer);
                seen++;
            }
        }
    }

    static Task SendAsync(System.Net.Sockets.NetworkStream stream, string status, byte[] body, CancellationToken cancellation) => stream.WriteAsync(
        new byte[][] { Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n"), body }.SelectMany(part => part).ToArray(), cancellation).AsTask();

    static byte[] Packed(string encoding, string text)
    {
        using var packed = new MemoryStream();
        using (Stream writer = encoding switch
        {
            "br" => new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true),
            _ => new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            writer.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    static async Task<CallAnswer> AskAsync(DownstreamChannel channel, ChannelMember member, System.Threading.Channels.Channel<ChannelMessage> answers, bool post = true)
    {
        // A probe has its time: until then there is no room.
        while (!channel.TryTake(member.Seats[(int)CallClass.Ordinary], 1, out _))
        {
            channel.Tick();
            await Task.Yield();
        }

        channel.Dispatch(member, [new(member, new(new(42), Leg.Split, 0), new(new(7), Lane.Ordinary, 0), post ? Encoding.ASCII.GetBytes("""{"a":1}""") : null, 7, false)]);
        while (await answers.Reader.ReadAsync().AsTask().WaitAsync(Patience) is var message)
        {
            if (message is ChannelMessage.Answered { Answer: var answer })
            {
                return answer;
            }
        }

        throw new InvalidOperationException("no answer came");
    }

    static DownstreamOptions Options(RawServer server) => new() { BaseUrl = server.Url };

    static async Task<CallAnswer> CallAsync(DownstreamOptions options, bool post, int frozenLength = 7)
    {
        await using var channel = DownstreamChannel.OverHttp(Leg.Split, options, TimeProvider.System);
        var answers = Channel();
        var member = channel.Join(0, message => answers.Writer.TryWrite(message), [], 0);
        Assert.True(channel.TryTake(member.Seats[(int)CallClass.Ordinary], 1, out _));
        var key = new CallKey(new(42), Leg.Split, 0);
        channel.Dispatch(member, [new(member, key, new(new(7), Lane.Ordinary, 0), post ? Encoding.ASCII.GetBytes("""{"a":1}""") : null, frozenLength, false)]);
        return Assert.IsType<ChannelMessage.Answered>(await answers.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Answer;
    }

    static System.Threading.Channels.Channel<ChannelMessage> Channel() => System.Threading.Channels.Channel.CreateUnbounded<ChannelMessage>();
}
