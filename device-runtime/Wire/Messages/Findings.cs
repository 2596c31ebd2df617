using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>A because list on the wire: <c>[* [check, claim, expected, got, rule, outcome]]</c>. PROTOCOL.md sections 10 and 13.1.</summary>
internal static class Findings
{
    internal static void Write(ref StrictCborWriter writer, IReadOnlyList<Finding> findings, int max)
    {
        writer.WriteArray("findings", findings.Count, 0, max);
        foreach (var finding in findings)
        {
            writer.WriteArray(6);
            writer.WriteText("check", finding.Check);
            writer.WriteText("claim", finding.Claim);
            writer.WriteText("expected", finding.Expected);
            writer.WriteText("got", finding.Got);
            writer.WriteText("rule", finding.Rule);
            writer.WriteEnum("outcome", finding.Outcome);
        }
    }

    internal static Finding[] Read(ref StrictCborReader reader, int max)
    {
        var findings = new Finding[reader.ReadArray("findings", 0, max)];
        for (var i = 0; i < findings.Length; i++)
        {
            reader.ReadArray("finding", 6);
            findings[i] = new(
                reader.ReadText("check"),
                reader.ReadText("claim"),
                reader.ReadText("expected"),
                reader.ReadText("got"),
                reader.ReadText("rule"),
                reader.ReadEnum<Outcome>("outcome"));
        }
        return findings;
    }
}
