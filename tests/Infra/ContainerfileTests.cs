using System.Text.RegularExpressions;
using k8s.Models;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Infra;

/// <summary>The images: what goes in, as whom they run, and that what is built is what is named.</summary>
public sealed partial class ContainerfileTests
{
    private static readonly string Text = Continued().Replace(File.ReadAllText(Path.Combine(Compose.Folder, "Containerfile")), " ");

    private static readonly IReadOnlyList<(string Image, string Name, string Body)> Stages =
        [.. Stage().Matches(Text).Select(match => (match.Groups["image"].Value, match.Groups["name"].Value, match.Groups["body"].Value))];

    [Fact]
    public void Stages_stand_on_named_images_or_earlier_stages()
    {
        for (var i = 0; i < Stages.Count; i++)
        {
            var earlier = Stages.Take(i).Select(stage => stage.Name).ToList();
            Assert.True(earlier.Contains(Stages[i].Image) || IsPinned(Stages[i].Image), Stages[i].Image);
            Assert.All(CopiedFrom().Matches(Stages[i].Body).Select(match => match.Groups["stage"].Value), stage => Assert.Contains(stage, earlier));
        }
    }

    [Fact]
    public void Nothing_is_called_latest()
    {
        var images = Compose.Parts.Values.Select(part => part.Image).Concat(Manifests.Workloads.SelectMany(workload => workload.Containers).Select(container => container.Image)).ToList();
        Assert.All(images, image => Assert.True(IsPinned(image), image));
        var version = Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props")), "<Version>(?<version>[^<]+)").Groups["version"].Value;
        Assert.All(images.Where(image => image.StartsWith("trustmesh-", StringComparison.Ordinal)), image => Assert.EndsWith($":{version}", image));
    }

    [Fact]
    public void Targets_that_are_asked_for_exist_and_bear_the_name_of_their_image()
    {
        var asked = Compose.Parts.Values.Where(part => part.Keys.ContainsKey("build")).Select(part => (part.Image, Build: Compose.Map(part.Keys["build"]))).ToList();
        Assert.Equal(["dashboard", "device", "operator", "silo"], asked.Select(one => (string)one.Build["target"]).Distinct().Order());
        Assert.All(asked, one =>
        {
            Assert.Contains(Stages, stage => stage.Name == (string)one.Build["target"]);
            Assert.StartsWith($"trustmesh-{one.Build["target"]}:", one.Image);
            Assert.True(File.Exists(Path.GetFullPath(Path.Combine(Compose.Folder, (string)one.Build["context"], (string)one.Build["dockerfile"]))));
        });
        Assert.All(Manifests.Workloads.SelectMany(workload => workload.Containers).Where(container => container.Image.StartsWith("trustmesh-", StringComparison.Ordinal)),
            container => Assert.Contains(Stages, stage => container.Image.StartsWith($"trustmesh-{stage.Name}:", StringComparison.Ordinal)));
    }

    [Theory, InlineData("silo", "silo/Host"), InlineData("dashboard", "dashboard"), InlineData("device", "device-runtime/Agent"), InlineData("operator", "silo/Cli")]
    public void An_image_runs_the_program_it_was_published_from_and_never_as_root(string target, string project)
    {
        var stage = Stages.Single(one => one.Name == target);
        var build = CopiedFrom().Match(stage.Body).Groups["stage"].Value;
        Assert.Contains($"dotnet publish {project} ", Stages.Single(one => one.Name == build).Body);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(Repository.Root, project), "*.csproj"));
        var program = Regex.Match(File.ReadAllText(file), "<AssemblyName>(?<name>[^<]+)").Groups["name"].Value;
        Assert.Contains($"ENTRYPOINT [\"/usr/lib/trustmesh/{program}\"", stage.Body);
        var users = User().Matches(Stages.Single(one => one.Name == stage.Image).Body + stage.Body).Select(match => match.Groups["user"].Value).ToList();
        Assert.Equal("1654:1654", users[^1]);
    }

    [Fact]
    public void The_silo_is_published_with_its_cluster() => Assert.Contains("dotnet publish silo/Host -c Release -p:TrustMeshOrleans=true", Text);

    [Fact]
    public void No_secret_gets_into_a_layer()
    {
        var ignore = File.ReadAllLines(Path.Combine(Compose.Folder, "Containerfile.dockerignore")).Where(line => line.Length > 0 && line[0] != '#').ToList();
        Assert.Equal("*", ignore[0]);
        Assert.Contains("**/*.key", ignore);
        Assert.Contains("**/*.pem", ignore);
        Assert.All(ignore.Where(line => line[0] == '!').Select(line => line[1..]), path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
        // What is copied one by one has to be let in.
        Assert.All(CopiedFile().Matches(Text).Select(match => match.Value), path => Assert.Contains($"!{path}", ignore));
        Assert.DoesNotContain(Regex.Matches(Text, @"^(ARG|ENV) .*$", RegexOptions.Multiline), line => SecretWords.IsSecretName(line.Value) || SecretWords.LooksLikeSecret(line.Value));
        Assert.DoesNotContain("ADD ", Text);
    }

    private static bool IsPinned(string image) => Pinned().IsMatch(image) && !image.EndsWith(":latest", StringComparison.Ordinal);

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"^FROM (?<image>\S+) AS (?<name>\S+)$(?<body>(?:\n(?!FROM ).*)*)", RegexOptions.Multiline)]
    private static partial Regex Stage();

    [GeneratedRegex(@"^COPY --from=(?<stage>\S+)", RegexOptions.Multiline)]
    private static partial Regex CopiedFrom();

    [GeneratedRegex(@"(?<=^COPY [^\n]*)infra/container/\w+", RegexOptions.Multiline)]
    private static partial Regex CopiedFile();

    [GeneratedRegex(@"^USER (?<user>\S+)$", RegexOptions.Multiline)]
    private static partial Regex User();

    [GeneratedRegex(@"^[a-z0-9./-]+:[0-9][\w.-]*$")]
    private static partial Regex Pinned();
}
