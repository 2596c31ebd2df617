using System.Text.RegularExpressions;
using TrustMesh.Agent.Life;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Agent;

public sealed partial class StateDrawingTests
{
    [Fact]
    public void The_drawing_in_STATES_md_is_the_table_in_the_code()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "device-runtime", "Agent", "STATES.md"));
        var drawn = from Match line in DrawnArrow().Matches(text)
                    from cause in line.Groups["causes"].Value.Split(", ")
                    select new Arrow(Enum.Parse<AgentPhase>(line.Groups["from"].Value), Enum.Parse<Cause>(cause), Enum.Parse<AgentPhase>(line.Groups["to"].Value));
        Assert.Equal(StateMachine.Arrows.Select(arrow => arrow.ToString()).Order(), drawn.Select(arrow => arrow.ToString()).Order());
    }

    [Fact]
    public void STATES_md_explains_every_cause()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "device-runtime", "Agent", "STATES.md"));
        var table = text[text.IndexOf("| Cause |", StringComparison.Ordinal)..];
        Assert.All(Enum.GetNames<Cause>(), cause => Assert.Matches($@"\b{cause}\b", table));
    }

    [GeneratedRegex(@"^\s+(?<from>\w+) --> (?<to>\w+) : (?<causes>.+)$", RegexOptions.Multiline)]
    private static partial Regex DrawnArrow();
}
