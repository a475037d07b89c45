using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Operating;

/// <summary>Whatever a user or the environment did, a command ends with 1 or 3 and says it in one line; a stack trace is for our own mistakes.</summary>
public class NoTraceTests
{
    const int Mistake = 1, Found = 2, Environment = 3;

    static readonly string[][] AskingCommands =
    [
        ["dead-letters", "list"], ["dead-letters", "show", "42:split:0"], ["dead-letters", "replay", "42:split:0"], ["dead-letters", "discard", "42:split:0", "--reason", "why"],
    ];

    [Theory]
    [InlineData("no address")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://")]
    [InlineData("/tmp")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("")]
    public async Task A_wrong_address_is_the_users_mistake(string url)
    {
        foreach (var command in AskingCommands)
        {
            await EndsAsync(Mistake, "--url must be an http or https address", [.. command, "--url", url]);
        }
    }

    [Fact]
    public async Task An_address_where_nobody_listens_is_said_without_its_user_info()
    {
        using var deaf = new DeafPort();
        foreach (var command in AskingCommands)
        {
            var said = await EndsAsync(Environment, "cannot be reached", [.. command, "--url", $"http://ann:secret@127.0.0.1:{deaf.Number}"]);
            Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
        }

        await EndsAsync(Environment, "cannot be reached", "dead-letters", "list", "--url", "http://no-such-host.invalid");
    }

    public static TheoryData<string, int, string> Answers => new()
    {
        { StrangeServer.Http(401, "application/problem+json", """{"detail":"A key is needed"}"""), Mistake, "401" },
        { StrangeServer.Http(403, "application/problem+json", """{"detail":"This needs the role Operator"}"""), Mistake, "This needs the role Operator" },
        { StrangeServer.Http(404, "application/problem+json", """{"detail":"There is no dead letter"}"""), Mistake, "There is no dead letter" },
        { StrangeServer.Http(404, "text/html", "<html>not here</html>"), Mistake, "does not answer as a StreamSettle does" },
        { StrangeServer.Http(500, "text/plain", "boom"), Environment, "500" },
        { StrangeServer.Http(503, "application/problem+json", """{"detail":"The service is starting."}"""), Environment, "The service is starting." },
        { StrangeServer.Http(302, "text/plain", ""), Mistake, "does not answer as a StreamSettle does" },
        { StrangeServer.Http(200, "text/html", "<html>hello</html>"), Mistake, "does not answer as a StreamSettle does" },
        { StrangeServer.Http(200, "application/json; charset=nonsense", "null"), Mistake, "does not answer as a StreamSettle does" },
        { StrangeServer.Http(200, "application/json", "[1,2]"), Mistake, "does not answer as a StreamSettle does" },
        { StrangeServer.Http(400, "application/problem+json", """{"detail":"evil\u001b[2Jtext\nand more"}"""), Mistake, "evil" },
        { "SSH-2.0-OpenSSH_9.2\r\n", Environment, "cannot be reached" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", Environment, "cannot be reached" },
        { "", Environment, "cannot be reached" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Whatever_answers_there_is_told_in_one_line(string answer, int code, string says)
    {
        await using var server = new StrangeServer(answer);
        foreach (var command in AskingCommands.Take(2).Concat([AskingCommands[^1]]))
        {
            await EndsAsync(code, says, [.. command, "--url", $"http://{server.Authority}"]);
        }
    }

    [Fact]
    public async Task A_server_that_speaks_no_tls_is_told_of()
    {
        await using var server = new StrangeServer(StrangeServer.Http(200, "application/json", "{}"));

        await EndsAsync(Environment, "cannot be reached", "dead-letters", "list", "--url", $"https://{server.Authority}");
    }

    [Fact]
    public async Task A_key_that_cannot_be_read_or_sent_is_the_users_mistake()
    {
        await EndsAsync(Mistake, "--key-file must name a file", "dead-letters", "list", "--key-file", "/nowhere/key");
        await EndsAsync(Mistake, "--key-file must name a file", "dead-letters", "list", "--key-file", "/tmp");
        await EndsAsync(Mistake, "not both", "dead-letters", "list", "--key", "a", "--key-file", "b");
        await EndsAsync(Mistake, "printable ASCII", "dead-letters", "list", "--key", "schlüssel");
        await EndsAsync(Mistake, "printable ASCII", "dead-letters", "list", "--key", "two\nlines");
    }

    [Fact]
    public async Task A_settings_file_that_cannot_be_read_is_the_users_mistake()
    {
        var bad = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(bad, "{ not json", TestContext.Current.CancellationToken);
            foreach (var command in new string[][] { ["run"], ["check"], ["order", "1"], ["dead-letters", "list"] })
            {
                await EndsAsync(Mistake, "settings cannot be read", [.. command, "--config", bad]);
                await EndsAsync(Mistake, "settings cannot be read", [.. command, "--config", "/nowhere/settings.json"]);
                await EndsAsync(Mistake, "settings cannot be read", [.. command, "--config", "/tmp"]);
            }
        }
        finally
        {
            File.Delete(bad);
        }
    }

    [Theory]
    [InlineData("Did you mean 'dead-letters'?", "dead-leters", "list")]
    [InlineData("Did you mean 'replay'?", "dead-letters", "repaly", "1:tax:0")]
    [InlineData("Did you mean '--orders'?", "demo", "--order", "5")]
    [InlineData("Did you mean '--stage'?", "dead-letters", "list", "--stagee", "tax")]
    [InlineData("Did you mean '--key-file'?", "order", "1", "--keyfile", "x")]
    [InlineData("'--config' stands behind '--'", "order", "--", "-5", "--config", "x")]
    [InlineData("say what to do: list, show, replay, discard", "dead-letters")]
    [InlineData("there is no command or argument 'xyzzyplugh'", "xyzzyplugh")]
    [InlineData("a whole number", "order", "abc")]
    [InlineData("order", "order")]
    [InlineData("a duration", "sandbox", "shop", "--connection", "Host=x", "--late-after", "soon")]
    [InlineData("--orders must be from 1", "demo", "--orders", "0")]
    [InlineData("--format must be one of table, json, csv, but is '9'", "reconcile", "--format", "9")]
    [InlineData("--host must be one of native, streamiz, but is '1'", "topology", "--host", "1")]
    [InlineData("the path of a folder", "rules", "check", "")]
    public async Task What_is_not_understood_is_one_line_with_the_nearest(string says, params string[] arguments) => await EndsAsync(Mistake, says, arguments);

    [Fact]
    public async Task A_sandbox_whose_world_is_not_there_says_so()
    {
        using var deaf = new DeafPort();
        await EndsAsync(Environment, "127.0.0.1", "sandbox", "shop", "--orders", "1", "--connection", $"Host=127.0.0.1;Port={deaf.Number};Username=shop;Database=shop;Timeout=3");
        await EndsAsync(Mistake, "connection string", "sandbox", "shop", "--orders", "1", "--connection", "nonsense");
        await EndsAsync(Mistake, "Host", "sandbox", "shop", "--orders", "1", "--connection", "Database=shop");
        await EndsAsync(Mistake, "faults", "sandbox", "downstreams", "--faults", "{bad");
        await EndsAsync(Mistake, "", "sandbox", "downstreams", "--faults", "terrible");
        await EndsAsync(Mistake, "Port", "sandbox", "downstreams", "--port", "99999");
        await EndsAsync(Environment, "", "sandbox", "downstreams", "--effects", "/dev/null/effects.jsonl");
        await EndsAsync(Mistake, "Shop:Orders", "sandbox", "shop", "--orders", "-1", "--connection", "Host=127.0.0.1");
    }

    [Fact]
    public async Task Rules_that_are_not_there_are_the_users_mistake()
    {
        await EndsAsync(Mistake, "there is no file", "rules", "evaluate", "/nowhere/cases.jsonl");
        await EndsAsync(Found, "there is no such folder", "rules", "check", "/nowhere");
    }

    [Fact]
    public async Task An_event_log_that_is_not_there_ends_order_with_a_line()
    {
        await EndsAsync(Mistake, "Audit:ConnectionString", "order", "1");
        await EndsAsync(Mistake, "ConnectionString", "order", "1", "--Audit:ConnectionString=nonsense");
        using var deaf = new DeafPort();
        await EndsAsync(Environment, "cannot be used now", "order", "1", $"--Audit:ConnectionString=Host=127.0.0.1;Port={deaf.Number};Username=a;Password=b;Timeout=3");
        await EndsAsync(Mistake, "PasswordFile", "order", "1", "--Audit:ConnectionString=Host=127.0.0.1", "--Audit:PasswordFile=/nowhere/password");
    }

    [Theory]
    [InlineData("topology | head -n 1")]
    [InlineData("--help | head -n 1")]
    [InlineData("topology --mermaid | true")]
    public async Task A_reader_that_goes_away_is_no_failure(string pipe)
    {
        var (_, _, errors) = await ShellAsync(pipe);
        Assert.Equal("", errors);
    }

    [Theory]
    [InlineData("topology > /dev/full")]
    [InlineData("--help > /dev/full")]
    public async Task A_full_disk_behind_the_output_is_one_line(string redirected)
    {
        var (code, _, errors) = await ShellAsync(redirected);
        Assert.Equal(Environment, code);
        OneLine(errors);
    }

    static async Task<(int Code, string Output, string Errors)> ShellAsync(string rest)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", $"'{Path.Combine(AppContext.BaseDirectory, "streamsettle")}' {rest}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, (await errors).Trim());
    }

    static async Task<string> EndsAsync(int code, string says, params string[] arguments)
    {
        await using var command = ServiceProcess.Start(Path.GetTempPath(), new Dictionary<string, string>(), arguments);
        var ended = await command.ExitAsync();
        var told = $"{string.Join(' ', arguments)}: {ended}: {command.Tail}";
        Assert.True(ended == code, told);
        Assert.True(command.Errors.Contains(says, StringComparison.Ordinal), told);
        OneLine(command.Errors);

        // What a check finds is the rule sets' own, and says where in them it is.
        Assert.True(code == Found || command.Errors.StartsWith("streamsettle", StringComparison.Ordinal), told);
        return command.Errors;
    }

    static void OneLine(string errors)
    {
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.True(errors.Split('\n').Length == 1 && !errors.Any(letter => letter == '\u001b'), errors);
    }
}
