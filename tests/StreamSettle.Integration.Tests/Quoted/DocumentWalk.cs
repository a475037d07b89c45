using System.Diagnostics;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Quoted;

/// <summary>
/// A document that walks its reader through commands and edits: its <c>console</c> blocks are run and must print what they show, its <c>diff</c> blocks change the file that their
/// first line names. All of it happens in a folder of its own, where <c>./streamsettle</c> is the program.
/// </summary>
/// <param name="registry">Settings of a schema registry, for the <c>console registry</c> blocks, which are passed over without.</param>
sealed class DocumentWalk(string folder, IReadOnlyDictionary<string, string>? registry = null)
{
    const string Fence = "```";
    const string Prompt = "$ ";
    const char CommandEnd = '\u001e';
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>A walk whose folder has the first release, as the page on schemas begins, whatever was released since.</summary>
    public static async Task<DocumentWalk> FromFirstReleaseAsync(string folder, IReadOnlyDictionary<string, string>? registry = null)
    {
        var first = Path.Combine(Repository.Root, "schemas", "released", "0.1.0");
        var copy = $"mkdir -p schemas/released && cp -r '{first}' schemas/released/ && cp '{first}'/*.avsc schemas/ && cd schemas/released && sha256sum */*.avsc > SHA256SUMS";
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", copy]) { WorkingDirectory = folder })!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        File.CreateSymbolicLink(Path.Combine(folder, "streamsettle"), Path.Combine(AppContext.BaseDirectory, "streamsettle"));
        return new(folder, registry);
    }

    /// <returns>How many commands were run.</returns>
    public async Task<int> RunAsync(string document)
    {
        var commands = 0;
        string[]? block = null;
        var kind = "";
        foreach (var line in await File.ReadAllLinesAsync(document))
        {
            if (block is null)
            {
                block = line.StartsWith(Fence, StringComparison.Ordinal) ? [] : null;
                kind = line.TrimStart('`');
                continue;
            }

            if (line != Fence)
            {
                block = [.. block, line];
                continue;
            }

            commands += kind switch
            {
                "console" => await PrintsAsync(block),
                "console registry" when registry is not null => await PrintsAsync(block),
                "diff" => Edit(block),
                _ => 0,
            };
            block = null;
        }

        return commands;
    }

    async Task<int> PrintsAsync(string[] block)
    {
        var starts = Enumerable.Range(0, block.Length).Where(at => block[at].StartsWith(Prompt, StringComparison.Ordinal)).ToArray();
        string[] commands = [.. starts.Select(at => block[at][Prompt.Length..])];
        var printed = await BashAsync(commands);
        for (var i = 0; i < starts.Length; i++)
        {
            var end = i + 1 < starts.Length ? starts[i + 1] : block.Length;
            var shown = string.Join('\n', block[(starts[i] + 1)..end]);
            Assert.True(shown == printed[i].Trim('\n'), $"$ {commands[i]}\nprints\n{printed[i]}\nand not\n{shown}");
        }

        return starts.Length;
    }

    /// <summary>One shell for the commands of a block, so that <c>$?</c> is the code of the one before.</summary>
    async Task<string[]> BashAsync(string[] commands)
    {
        var script = "exec 2>&1\n" + string.Join('\n', commands.Select(command => $"{command}\nended=$?; printf '\\x1e'; (exit $ended)"));
        var start = new ProcessStartInfo("bash", ["-c", script]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var (key, value) in registry ?? new Dictionary<string, string>())
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        using var bash = Process.Start(start)!;
        var output = bash.StandardOutput.ReadToEndAsync();
        try
        {
            return (await output.WaitAsync(Patience)).Split(CommandEnd);
        }
        finally
        {
            bash.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The lines without sign and with <c>-</c> stand in the file once; they are replaced by those without sign and with <c>+</c>.</summary>
    int Edit(string[] block)
    {
        var file = Path.Combine(folder, block[0].TrimStart('#', ' '));
        string Lines(char sign) => string.Concat(block.Skip(1).Where(line => line.Length == 0 || line[0] == ' ' || line[0] == sign).Select(line => (line.Length == 0 ? "" : line[1..]) + "\n"));
        var parts = File.ReadAllText(file).Split(Lines('-'));
        Assert.True(parts.Length == 2, $"{block[0]} has these lines {parts.Length - 1} times:\n{Lines('-')}");
        File.WriteAllText(file, string.Join(Lines('+'), parts));
        return 0;
    }
}
