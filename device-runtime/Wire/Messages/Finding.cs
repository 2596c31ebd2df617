namespace TrustMesh.Wire.Messages;

/// <summary>
/// One line of a because list: the same words in API, CLI and dashboard. A finding may quote what a device said, so its texts are made
/// fit when it is built (<see cref="Grammar.Fit"/>): a signed result can always be written, and carries no control characters (A44).
/// </summary>
/// <param name="Check">Stable name of the check, such as <c>quote.nonce</c> or <c>file.digest</c>.</param>
/// <param name="Claim">What was looked at, such as <c>/etc/pump.conf</c> or <c>PCR 13</c>.</param>
/// <param name="Expected">What would have passed, in words or lower-case hex.</param>
/// <param name="Got">What was there.</param>
/// <param name="Rule">The rule or clause, such as <c>reference traffic-sensor #4</c> or <c>TPM 2.0 part 2, 10.12.12</c>.</param>
public sealed record Finding(string Check, string Claim, string Expected, string Got, string Rule, Outcome Outcome)
{
    public string Check { get; init => field = Grammar.Fit(value); } = Grammar.Fit(Check);

    public string Claim { get; init => field = Grammar.Fit(value); } = Grammar.Fit(Claim);

    public string Expected { get; init => field = Grammar.Fit(value); } = Grammar.Fit(Expected);

    public string Got { get; init => field = Grammar.Fit(value); } = Grammar.Fit(Got);

    public string Rule { get; init => field = Grammar.Fit(value); } = Grammar.Fit(Rule);

    /// <summary>For a log or an error that has room for one line.</summary>
    public string Sentence => $"{Check}: expected {Expected}, got {Got}";
}
