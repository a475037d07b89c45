using System.CommandLine;
using System.Text;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary><c>--out FILE</c>: where a command writes what it makes; else to the console.</summary>
sealed class OutputFile
{
    readonly Option<FileInfo?> file = new("--out") { Description = "The file to write; one that is there already is left alone. Default: the console." };

    public void AddTo(Command command) => command.Options.Add(file);

    /// <param name="told">What is said of it where it goes to a file.</param>
    /// <exception cref="UserMistakeException">The file is there already, or cannot be made.</exception>
    public void Write(ParseResult parsed, string text, string told)
    {
        if (parsed.GetValue(file) is not { } target)
        {
            Console.Write(text);
            return;
        }

        try
        {
            using var stream = new FileStream(target.FullName, FileMode.CreateNew, FileAccess.Write);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UserMistakeException($"--out: '{target}' cannot be written: {failure.Message}", failure);
        }

        Console.WriteLine($"{target}: {told}");
    }
}
