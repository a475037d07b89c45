using System.CommandLine;
using System.CommandLine.Parsing;

namespace StreamSettle.App.Commands;

/// <summary>One line for a command line that was not understood: what is wrong, what is nearest to it, and where to read more.</summary>
static class WrongUsage
{
    static readonly (string Type, string Words)[] Types =
    [
        ("'System.Int64'", "a whole number"), ("'System.Int32'", "a whole number"), ("'System.Double'", "a number"), ("'System.TimeSpan'", "a duration such as 00:00:20"),
        ("'System.IO.FileInfo'", "the path of a file"), ("'System.IO.DirectoryInfo'", "the path of a folder"), ("'System.Uri'", "an address"),
    ];

    public static string Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var problem = parsed.UnmatchedTokens is [var stray, ..] && command.TreatUnmatchedTokensAsErrors
            ? Unknown(stray, NamesOf(parsed.CommandResult))
            : command.Subcommands.Count > 0 && command.Action is null
                ? $"say what to do: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}."
                : Types.Aggregate(parsed.Errors[0].Message, (text, type) => text.Replace(type.Type, type.Words, StringComparison.Ordinal)).ReplaceLineEndings(" ");
        return $"{PathOf(parsed.CommandResult)}: {problem} '{PathOf(parsed.CommandResult)} --help' shows what there is.";
    }

    /// <summary>Of a word that is neither command nor option nor setting.</summary>
    public static string Unknown(string word, IEnumerable<string> known)
    {
        var name = word.Split('=')[0];
        return Nearest.Of(name, known) switch
        {
            { } same when same == name => $"'{name}' stands behind '--', where everything is a value: give it before that.",
            var near => $"there is no {(word.StartsWith('-') ? "option" : "command or argument")} '{name}'." + (near is null ? "" : $" Did you mean '{near}'?"),
        };
    }

    /// <summary>Of the commands and options that could stand there.</summary>
    public static IEnumerable<string> NamesOf(CommandResult at)
    {
        IEnumerable<Symbol> symbols = [.. at.Command.Subcommands, .. at.Command.Options];
        return symbols.Select(symbol => symbol.Name).Append("--help");
    }

    static string PathOf(SymbolResult at) => at is CommandResult { Parent: CommandResult parent } command ? $"{PathOf(parent)} {command.Command.Name}" : "streamsettle";
}
