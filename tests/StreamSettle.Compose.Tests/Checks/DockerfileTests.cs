using System.Text.RegularExpressions;
using System.Xml.Linq;
using StreamSettle.Compose.Tests.Files;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Compose.Tests.Checks;

/// <summary>The image: what goes in, what it is built with, who it runs as.</summary>
public partial class DockerfileTests
{
    static readonly string[] Ignore = [.. File.ReadLines(Path.Combine(Repository.Root, ".dockerignore")).Where(line => line.Length > 0 && !line.StartsWith('#'))];

    [Fact]
    public void What_is_copied_is_there_and_not_ignored_and_nothing_else_is_sent()
    {
        var copied = Dockerfile.CopiedPaths.Select(path => path.TrimEnd('/')).ToArray();

        Assert.All(copied, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
        Assert.Equal("*", Ignore[0]);
        Assert.Equal(copied.Order(), Ignore.Where(line => line.StartsWith('!')).Select(line => line[1..]).Order());
        Assert.Contains("**/bin", Ignore);
        Assert.Contains("**/obj", Ignore);
    }

    [Fact]
    public void Every_project_that_the_program_needs_is_copied_and_no_test()
    {
        var copied = Dockerfile.CopiedPaths.Select(path => Path.GetFullPath(Path.Combine(Repository.Root, path)).TrimEnd('/') + "/").ToArray();
        var needed = NeededBy(Path.Combine(Repository.Root, "src", "StreamSettle.App", "StreamSettle.App.csproj"), []);

        Assert.True(needed.Count > 10);
        Assert.All(needed, project => Assert.Contains(copied, folder => project.StartsWith(folder, StringComparison.Ordinal)));
        Assert.DoesNotContain(Dockerfile.CopiedPaths, path => path.StartsWith("tests", StringComparison.Ordinal));

        // Files that every project reads.
        Assert.All(["global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "BannedSymbols.txt"], file => Assert.Contains(file, Dockerfile.CopiedPaths));
    }

    [Fact]
    public void It_is_restored_by_the_lock_files_and_publishes_the_program()
    {
        var build = Assert.Single(Dockerfile.All("RUN"), run => run.Contains("dotnet publish", StringComparison.Ordinal));

        Assert.Contains("dotnet restore src/StreamSettle.App --locked-mode", build, StringComparison.Ordinal);
        Assert.Contains("dotnet publish src/StreamSettle.App --configuration Release --no-restore --output /app", build, StringComparison.Ordinal);
        Assert.All(NeededBy(Path.Combine(Repository.Root, "src", "StreamSettle.App", "StreamSettle.App.csproj"), []), project => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")), project));
    }

    [Fact]
    public void It_runs_the_built_program_as_nobody_in_particular()
    {
        var stage = Dockerfile.LastStage;
        var name = XDocument.Load(Path.Combine(Repository.Root, "src", "StreamSettle.App", "StreamSettle.App.csproj")).Descendants("AssemblyName").Single().Value;
        var user = stage.Last(instruction => instruction.Name == "USER").Arguments;

        Assert.Equal($"[\"/app/{name}\"]", stage.Single(instruction => instruction.Name == "ENTRYPOINT").Arguments);
        Assert.Equal("[\"run\"]", stage.Single(instruction => instruction.Name == "CMD").Arguments);
        Assert.Contains(stage, instruction => instruction is ("COPY", "--from=build /app ./"));

        // A number, as the base image has it: orchestrators that ask for one that is not root cannot tell by a name.
        Assert.Equal("$APP_UID", user);
        Assert.DoesNotContain(stage.SkipWhile(instruction => instruction.Name != "USER"), instruction => instruction.Name is "RUN" or "COPY");
    }

    [Fact]
    public void What_the_compose_file_mounts_for_writing_belongs_to_that_user()
    {
        var made = Dockerfile.LastStage.Single(instruction => instruction.Name == "RUN").Arguments;

        Assert.StartsWith("install -d -o \"$APP_UID\" -g \"$APP_UID\" ", made, StringComparison.Ordinal);
        var compose = ComposeFile.Read();
        var mounted = compose.Services.Where(service => service.Value.ContainsKey("build")).SelectMany(service => compose.List(service.Key, "volumes"))
            .Where(volume => !volume.EndsWith(":ro", StringComparison.Ordinal)).Select(volume => volume.Split(':')[1]).Distinct();
        Assert.Equal(mounted.Order(), made.Split(' ').Where(word => word.StartsWith('/')).Order());
    }

    [Fact]
    public void Base_images_are_of_one_release_and_the_runtime_is_that_of_the_packages()
    {
        var images = Dockerfile.All("FROM").Select(from => From().Match(from)).ToArray();

        Assert.All(images, image => Assert.True(image.Success, image.Value));
        var hosting = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .Single(package => package.Attribute("Include")!.Value == "Microsoft.Extensions.Hosting").Attribute("Version")!.Value;
        Assert.Equal([("sdk", true), ("aspnet", false)], images.Select(image => (image.Groups["name"].Value, image.Value.EndsWith(" AS build", StringComparison.Ordinal))));
        Assert.Equal(hosting, images[1].Groups["version"].Value);
        Assert.StartsWith(hosting[..hosting.LastIndexOf('.')], images[0].Groups["version"].Value, StringComparison.Ordinal);
    }

    /// <summary>The project and all that it refers to, over several steps.</summary>
    static HashSet<string> NeededBy(string project, HashSet<string> found)
    {
        if (found.Add(project))
        {
            foreach (var reference in XDocument.Load(project).Descendants("ProjectReference"))
            {
                NeededBy(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value)), found);
            }
        }

        return found;
    }

    [GeneratedRegex(@"^mcr\.microsoft\.com/dotnet/(?<name>[a-z]+):(?<version>\d+\.\d+\.\d+)-noble( AS build)?$")]
    private static partial Regex From();
}
