using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Xunit;

namespace StreamSettle.Architecture.Tests;

/// <summary>What <c>./test</c> says at its end, in a checkout whose test runners are scripts that print what xunit's runner prints.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TestScriptTests : IDisposable
{
    const string Fine = """printf '\033[37m=== TEST EXECUTION SUMMARY ===\n\033[0m\033[37m   Fine  Total: 3, Errors: 0, Failed: 0, Skipped: 1, Not Run: 0, Time: 0.553s\n\033[0m'""";
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    readonly DirectoryInfo root = Directory.CreateTempSubdirectory("test-script-");

    public TestScriptTests()
    {
        foreach (var script in new[] { "test", "tests/failed-tests" })
        {
            Write(script, File.ReadAllText(Path.Combine(Repository.Root, script)));
        }
        Write("tests/install", "#!/bin/sh\n");
        Write("tests/install-ethereum-node", "#!/bin/sh\n");
        Write("bin/dotnet", "#!/bin/sh\n");
    }

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public async Task Above_the_last_line_stand_all_failed_tests_of_all_suites_with_the_first_line_of_their_messages()
    {
        Suite("Audit", Fine);
        Suite("Cluster", """
            printf '\033[91m    N.Tests.Sums.Adds [FAIL]\n\033[0m\033[37m      Assert.Equal() Failure: Values differ\n\033[0m\033[37m      Expected: 1\n\033[0m\033[90m      Stack Trace:\n\033[0m'
            printf '    what a test prints [FAIL]ed\n'
            printf '\033[91m    N.Tests.Sums.Takes(text: "a b", n: 3) [FAIL]\n\033[0mSEED=5\n\033[37m      System.Exception : \n\033[0m\033[37m      not within a minute\n\033[0m\033[90m      Stack Trace:\n\033[0m'
            printf '\033[91m    [Test Class Cleanup Failure (N.Tests.Sums)] Xunit.Sdk.TestPipelineException\n\033[0m\033[37m      Class fixture type F threw in Dispose\n\033[0m\033[37m      ---- System.Exception : held\n\033[0m'
            printf '\033[37m   Cluster  Total: 9, Errors: 1, Failed: 2, Skipped: 0, Not Run: 0, Time: 0.553s\n\033[0m'
            exit 1
            """);
        Suite("Kernel", Fine);

        var (code, lines) = await RunAsync();

        Assert.Equal(1, code);
        Assert.Equal(
            [
                "failed:",
                "   N.Tests.Sums.Adds: Assert.Equal() Failure: Values differ",
                "   N.Tests.Sums.Takes(text: \"a b\", n: 3): System.Exception :  not within a minute",
                "   [Test Class Cleanup Failure (N.Tests.Sums)]: Class fixture type F threw in Dispose ---- System.Exception : held",
                "10 passed, 3 failed, 2 skipped",
            ],
            lines[^5..]);
    }

    [Fact]
    public async Task A_runner_that_dies_is_a_failure_beside_those_that_it_told_before()
    {
        Suite("Cluster", """
            printf '\033[91m    N.Tests.Sums.Adds [FAIL]\n\033[0m\033[37m      no\n\033[0m'
            kill -9 $$
            """);
        Suite("Kernel", Fine);

        var (code, lines) = await RunAsync();

        Assert.Equal(1, code);
        Assert.Equal(
            ["failed:", "   N.Tests.Sums.Adds: no", "   StreamSettle.Cluster.Tests: the runner ended with code 137 before it could count; its last words stand above", "2 passed, 1 failed, 1 skipped"],
            lines[^4..]);
    }

    [Fact]
    public async Task Two_suites_run_beside_each_other_and_each_is_shown_whole()
    {
        // Each waits until the other has begun.
        const string Meet = """
            touch "$(dirname "$0")/../../../../begun-$ME"; for (( i = 0; i < 600; i++ )); do [ -e "$(dirname "$0")/../../../../begun-$OTHER" ] && break; sleep 0.05; done
            echo "$ME begins"; sleep 0.2; echo "$ME ends"
            [ $i -lt 600 ] || exit 1
            """;
        Suite("Kernel", $"ME=one OTHER=two\n{Meet}\n{Fine}");
        Suite("Delivery", $"ME=two OTHER=one\n{Meet}\n{Fine}");

        var (code, lines) = await RunAsync();

        Assert.Equal(0, code);
        Assert.Equal("4 passed, 0 failed, 2 skipped", lines[^1]);
        Assert.All(["one", "two"], suite => Assert.Equal($"{suite} ends", lines[lines.IndexOf($"{suite} begins") + 1]));
    }

    /// <summary>What a shell runs in the background ignores Ctrl-C, and hands that on to every program that a test starts.</summary>
    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_suite_hears_what_this_process_hears()
    {
        Suite("Kernel", $"grep SigIgn /proc/self/status\n{Fine}");
        Suite("Delivery", Fine);

        var (_, lines) = await RunAsync();

        var own = (await File.ReadAllLinesAsync("/proc/self/status", TestContext.Current.CancellationToken)).Single(line => line.StartsWith("SigIgn", StringComparison.Ordinal));
        Assert.Equal(Ignored(own) & 0b111, Ignored(lines.Single(line => line.StartsWith("SigIgn", StringComparison.Ordinal))) & 0b111);
    }

    [Fact]
    public async Task Where_nothing_failed_nothing_is_listed()
    {
        Suite("Kernel", Fine);

        var (code, lines) = await RunAsync();

        Assert.Equal(0, code);
        Assert.DoesNotContain("failed:", lines);
        Assert.Equal("2 passed, 0 failed, 1 skipped", lines[^1]);
    }

    static ulong Ignored(string line) => ulong.Parse(line.AsSpan("SigIgn:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    void Suite(string name, string runner)
    {
        var full = $"StreamSettle.{name}.Tests";
        Write($"tests/{full}/{full}.csproj", "");
        Write($"tests/{full}/bin/Release/net10.0/{full}", $"#!/usr/bin/env bash\n{runner}\n");
    }

    void Write(string path, string text)
    {
        var file = Path.Combine(root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    async Task<(int Code, string[] Lines)> RunAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(root.FullName, "test")) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Path.Combine(root.FullName, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Bound);
        return (process.ExitCode, (await said)[0].TrimEnd('\n').Split('\n'));
    }
}
