namespace TrustMesh.Agent.Doctor;

/// <summary>One line of <c>trustmesh-agent doctor</c>.</summary>
/// <param name="Outcome">ok, note (works, but somebody should know) or fail.</param>
/// <param name="Text">What was found.</param>
/// <param name="Fix">What to do; null where nothing has to be done.</param>
public sealed record CheckUp(string Name, CheckUpOutcome Outcome, string Text, string? Fix = null)
{
    public static CheckUp Ok(string name, string text) => new(name, CheckUpOutcome.Ok, text);

    public static CheckUp Note(string name, string text, string? fix = null) => new(name, CheckUpOutcome.Note, text, fix);

    public static CheckUp Fail(string name, string text, string? fix = null) => new(name, CheckUpOutcome.Fail, text, fix);

    public override string ToString()
        => $"{(Outcome == CheckUpOutcome.Ok ? "ok  " : Outcome == CheckUpOutcome.Note ? "note" : "FAIL")}  {Name,-13} {Text}{(Fix is null ? "" : $" Fix: {Fix}")}";
}
