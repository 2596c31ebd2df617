using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Wire;

/// <summary>
/// The bytes of version 1, kept: first line hex, then diagnostic notation. A change here is a change of the protocol. New files are
/// written with TRUSTMESH_WRITE_GOLDEN=1.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<WireFormat> Formats => WireFormats.Theory;

    private static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Wire", "Golden");

    [Theory]
    [MemberData(nameof(Formats))]
    public void Bytes_are_those_of_the_golden_file(WireFormat format)
    {
        var path = Path.Combine(Folder, format.Name + ".txt");
        var text = Convert.ToHexStringLower(format.Sample) + "\n" + Diagnostic.Print(format.Sample);
        if (Environment.GetEnvironmentVariable("TRUSTMESH_WRITE_GOLDEN") == "1") File.WriteAllText(path, text);
        Assert.Equal(File.ReadAllText(path), text);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_golden_bytes_decode_and_encode_to_themselves(WireFormat format)
    {
        var golden = Convert.FromHexString(File.ReadLines(Path.Combine(Folder, format.Name + ".txt")).First());
        Assert.Equal(golden, format.Recode(golden));
    }

    [Fact]
    public void Every_golden_file_belongs_to_a_format()
        => Assert.Equal(
            WireFormats.All.Select(format => format.Name).Order(StringComparer.Ordinal),
            Directory.GetFiles(Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal));
}
