using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// One item of a checklist: its stable name, what it looks at and the clause it follows. The pass is made once, so that good evidence
/// costs no text; words are only put together for what did not pass.
/// </summary>
internal sealed class Check(string name, string claim, string expected, string rule)
{
    public string Name { get; } = name;

    public Finding Passed { get; } = new(name, claim, expected, expected, rule, Outcome.Pass);

    public Finding Failed(string got) => Ended(Outcome.Fail, got);

    // Built anew rather than copied: the constructor makes texts of a device fit to be written (A44).
    public Finding Failed(string expectedNow, string got) => new(Name, claim, expectedNow, got, rule, Outcome.Fail);

    public Finding Ended(Outcome outcome, string got) => new(Name, claim, expected, got, rule, outcome);
}
