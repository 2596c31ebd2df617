using System.Text.RegularExpressions;
using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

public sealed partial class PeersDrawingTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "device-runtime", "Agent", "PEERS.md"));

    [Theory]
    [InlineData(AttesterRole.TlsClient, 0)]
    [InlineData(AttesterRole.TlsServer, 1)]
    public void The_drawings_in_PEERS_md_are_the_table_in_the_code(AttesterRole role, int drawing)
    {
        var text = Text.Split("```mermaid")[drawing + 1].Split("```")[0];
        var drawn = from Match line in DrawnArrow().Matches(text)
                    from cause in line.Groups["causes"].Value.Split(", ")
                    select new HandshakeArrow(role, Enum.Parse<HandshakePhase>(line.Groups["from"].Value), Enum.Parse<HandshakeCause>(cause), Enum.Parse<HandshakePhase>(line.Groups["to"].Value));
        Assert.Equal(HandshakeArrows.All.Where(arrow => arrow.Role == role).Select(arrow => arrow.ToString()).Order(), drawn.Select(arrow => arrow.ToString()).Order());
    }

    [Fact]
    public void PEERS_md_explains_every_cause()
    {
        var table = Text[Text.IndexOf("| Cause |", StringComparison.Ordinal)..];
        Assert.All(Enum.GetNames<HandshakeCause>(), cause => Assert.Matches($@"\b{cause}\b", table));
    }

    [GeneratedRegex(@"^\s+(?<from>\w+) --> (?<to>\w+) : (?<causes>.+)$", RegexOptions.Multiline)]
    private static partial Regex DrawnArrow();
}
