using System.Text.RegularExpressions;

namespace TrustMesh.Tests.Architecture;

/// <summary>The rules of the house that a machine can see.</summary>
public sealed partial class ShapeTests
{
    private const int LongestFile = 400;

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
        => Assert.DoesNotContain(Sources(), file => SourceTree.Lines(file).Length > LongestFile);

    [Fact]
    public void Nine_of_ten_files_that_ship_have_less_than_200_lines()
    {
        var lengths = SourceTree.Product.Select(file => SourceTree.Lines(file).Length).Order().ToList();
        Assert.True(lengths.Count > 100, "the scan found too few files to say anything");
        Assert.InRange(lengths[lengths.Count * 9 / 10], 1, 200);
    }

    [Fact]
    public void A_file_has_one_public_type()
    {
        var wrong = from file in SourceTree.Product
                    let types = PublicType().Matches(SourceTree.Read(file)).Select(match => match.Groups["name"].Value).Distinct().ToList()
                    where types.Count > 1
                    select $"{file}: {string.Join(", ", types)}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_type_has_a_name_that_says_nothing()
    {
        var wrong = from file in SourceTree.Product
                    from Match match in AnyType().Matches(SourceTree.Read(file))
                    where Empty().IsMatch(match.Groups["name"].Value)
                    select $"{file}: {match.Groups["name"].Value}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void An_interface_has_two_implementations_somewhere()
    {
        // A test double counts as one: it is what makes the seam worth having.
        var all = string.Join('\n', SourceTree.CSharp.Select(SourceTree.Read));
        var wrong = from file in SourceTree.Product
                    from Match match in Interface().Matches(SourceTree.Read(file))
                    let name = match.Groups["name"].Value
                    // What a grain is called by is no seam but a contract between processes: tests/Orleans/Contracts keeps it.
                    where !match.Groups["of"].Value.Contains("IGrainWith", StringComparison.Ordinal)
                    where Regex.Count(all, $@"(class|record|struct) [^\n{{]*[:,]\s*[^\n{{]*\b{name}\b") < 2
                    select $"{file}: {name}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Nothing_is_swallowed_slept_away_or_silenced()
    {
        var wrong = from file in SourceTree.Product
                    let text = SourceTree.Read(file)
                    from Match match in Silence().Matches(text)
                    select $"{file}: {match.Value.ReplaceLineEndings(" ")}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_project_that_ships_silences_warnings()
        => Assert.DoesNotContain(SourceTree.Files, file => (file.EndsWith(".csproj", StringComparison.Ordinal) || file.EndsWith(".props", StringComparison.Ordinal) || file.EndsWith(".targets", StringComparison.Ordinal))
            && !file.StartsWith("tests/", StringComparison.Ordinal) && SourceTree.Read(file).Contains("NoWarn", StringComparison.Ordinal));

    private static IEnumerable<string> Sources()
        => SourceTree.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".ts", StringComparison.Ordinal));

    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|partial|readonly|ref|unsafe) )*(?:class|record struct|record class|record|struct|interface|enum|delegate [\w<>?\[\], ]+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|file|static|sealed|abstract|partial|readonly) )+(?:class|record struct|record|struct|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex AnyType();

    [GeneratedRegex(@"(Manager|Helper|Helpers|Util|Utils|Utility|Service|Impl|Base|Dto)$")]
    private static partial Regex Empty();

    [GeneratedRegex(@"^(?:public|internal) interface (?<name>I[A-Z]\w*)(?<of>[^\r\n]*)", RegexOptions.Multiline)]
    private static partial Regex Interface();

    [GeneratedRegex(@"catch\s*(\([^)]*\)\s*)?\{\s*\}|Thread\.Sleep\(|#pragma warning disable[^\r\n/]*$|\b(TODO|FIXME|HACK)\b", RegexOptions.Multiline)]
    private static partial Regex Silence();
}
