using System.CommandLine;
using System.Text.RegularExpressions;
using TrustMesh.Agent.Commands;
using TrustMesh.Cli;
using TrustMesh.Dashboard.Hosting;
using TrustMesh.Tests.Parts;
using Command = System.CommandLine.Command;
using SiloCommandLine = TrustMesh.Host.Settings.CommandLine;

namespace TrustMesh.Tests.Architecture;

/// <summary>What the documents tell people to type exists, and what they link to is there.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] Documents = [.. SourceTree.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal) && !file.Contains("wwwroot/", StringComparison.Ordinal))];

    private static readonly RootCommand Trustmesh = TrustMesh.Cli.CommandLine.Build(new Shell(new(
        TextReader.Null, TextWriter.Null, TextWriter.Null, false, false, _ => null, () => throw new InvalidOperationException(), TimeProvider.System, CancellationToken.None)));

    [Fact]
    public void Commands_of_trustmesh_exist_with_their_options() => AssertCommands("trustmesh", Trustmesh, least: 10);

    [Fact]
    public void Commands_of_the_agent_exist_with_their_options() => AssertCommands("trustmesh-agent", AgentCommand.Create(), least: 2);

    [Fact]
    public void Options_of_silo_and_dashboard_exist()
    {
        AssertOptions("trustmesh-silo", SiloCommandLine.Help);
        AssertOptions("trustmesh-dashboard", DashboardSettings.Help);
    }

    [Theory, InlineData("infra/run"), InlineData("infra/test")]
    public void Options_of_a_script_are_in_its_help(string script)
    {
        var (code, help, _) = Parts.Command.Run(Repository.Root, Path.Combine(Repository.Root, script), "--help");
        Assert.Equal(0, code);
        foreach (var document in Documents)
            foreach (var option in OptionsAfter(script, SourceTree.Read(document))) Assert.True(help.Contains(option, StringComparison.Ordinal), $"{document} says {script} {option}");
    }

    [Fact]
    public void Scripts_and_command_have_the_same_options_for_the_demo()
    {
        var run = Trustmesh.Subcommands.Single(one => one.Name == "demo").Subcommands.Single(one => one.Name == "run");
        var (_, help, _) = Parts.Command.Run(Repository.Root, Path.Combine(Repository.Root, "infra/run"), "--help");
        Assert.All(run.Options.Where(option => option.Name is not "--help"), option => Assert.Contains($"  {option.Name} ", help));
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var wrong = from document in Documents
                    from Match link in Link().Matches(SourceTree.Read(document))
                    let target = link.Groups["target"].Value.Split('#')[0]
                    where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
                    where !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, target))
                    select $"{document}: {target}";
        Assert.Empty(wrong);
    }

    private static void AssertCommands(string program, RootCommand root, int least)
    {
        var seen = 0;
        foreach (var document in Documents)
            foreach (Match line in CommandOf(program).Matches(SourceTree.Read(document)))
            {
                Command command = root;
                var words = line.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                foreach (var word in words.TakeWhile(word => LowerWord().IsMatch(word)))
                {
                    var names = word.Split('|');
                    if (command.Subcommands.Count == 0) break;
                    Assert.All(names, name => Assert.True(command.Subcommands.Any(one => one.Name == name), $"{document}: {program} has no command {string.Join(' ', words)}"));
                    command = command.Subcommands.Single(one => one.Name == names[0]);
                }
                foreach (var option in words.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
                    Assert.True(command.Options.Concat(root.Options).Any(one => one.Name == option), $"{document}: {program} {command.Name} has no {option}");
                seen++;
            }
        Assert.True(seen >= least, $"only {seen} lines with {program} were found; the scan is broken or the documents are empty");
    }

    private static void AssertOptions(string program, string help)
    {
        foreach (var document in Documents)
            foreach (var option in OptionsAfter(program, SourceTree.Read(document)))
                Assert.True(help.Contains(option + " ", StringComparison.Ordinal), $"{document}: {program} has no {option}");
    }

    /// <summary>Options on a line that begins with the program, and on lines it continues on.</summary>
    private static IEnumerable<string> OptionsAfter(string program, string text)
        => Regex.Matches(text, $@"(?<![\w/.-]){Regex.Escape(program)}(?<rest>(?: (?:[^\n`\\#]|\\\n)+))").SelectMany(match => OptionName().Matches(match.Groups["rest"].Value)).Select(match => match.Value);

    private static Regex CommandOf(string program) => new($@"(?<![\w/.-]){program}(?<words>(?: (?!#)[\w.|…/:,=<>-]+)+)");

    [GeneratedRegex(@"(?<=\s)--[a-z][a-z-]*")]
    private static partial Regex OptionName();

    [GeneratedRegex(@"^[a-z]+(-[a-z]+)?(\|[a-z]+(-[a-z]+)?)*$")]
    private static partial Regex LowerWord();

    [GeneratedRegex(@"\]\((?<target>[\w./#:-]+)\)")]
    private static partial Regex Link();
}
