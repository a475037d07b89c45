using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Xunit;

namespace StreamSettle.Architecture.Tests;

public class ReferenceTests
{
    public static TheoryData<string> AllProjects => [.. Repository.Projects.Keys.Order()];

    [Fact]
    public void Every_project_of_the_house_stands_in_the_table() =>
        Assert.Equal(House.MaySee.Keys.Order(), Repository.Projects.Keys.Order());

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void A_project_refers_only_to_those_it_may_see(string project) =>
        Assert.Empty(Repository.ProjectReferences(project).Except(House.MaySee[project]));

    [Fact]
    public void Lock_files_know_every_project_that_is_referred_to() => Assert.Empty(
        from project in Repository.ProjectFiles()
        let locked = File.ReadAllText(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"))
        from reference in Repository.ProjectReferencesOf(project)
        where reference != "StreamSettle.App" && !locked.Contains($"\"{reference.ToLowerInvariant()}\"", StringComparison.Ordinal)
        select $"{Path.GetFileName(project)}: {reference}");

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void The_code_uses_only_what_its_project_may_see(string project)
    {
        var used = AssembliesUsedBy(project).Where(name => name.StartsWith("StreamSettle.", StringComparison.Ordinal)).Select(name => name["StreamSettle.".Length..]);

        Assert.Empty(project == "App" ? [] : used.Except(House.MaySee[project]).Except(["Kernel"]));
    }

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void A_package_is_used_only_where_it_belongs(string project)
    {
        var used = AssembliesUsedBy(project).ToHashSet();

        Assert.Empty(project == "App" ? [] : House.OnlySeenBy.Where(rule => used.Contains(rule.Key) && !rule.Value.Contains(project)).Select(rule => rule.Key));
    }

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void A_package_is_referred_to_only_where_it_belongs(string project)
    {
        var packages = Repository.PackageReferences(project).ToHashSet();

        Assert.Empty(House.PackageOnlyIn.Where(rule => packages.Contains(rule.Key) && !rule.Value.Contains(project)).Select(rule => rule.Key));
    }

    [Fact]
    public void The_rules_for_packages_are_about_assemblies_that_are_used_somewhere()
    {
        var later = new[] { "Apache.Avro" };
        var used = Repository.Projects.Keys.SelectMany(AssembliesUsedBy).ToHashSet();

        Assert.Empty(House.OnlySeenBy.Keys.Except(later).Except(used));
    }

    static List<string> AssembliesUsedBy(string project)
    {
        using var image = new PEReader(File.OpenRead(Repository.AssemblyOf(project)));
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
