namespace TrustMesh.Wire.Messages;

/// <summary>One line of a because list: the same words in API, CLI and dashboard.</summary>
/// <param name="Check">Stable name of the check, such as <c>quote.nonce</c> or <c>file.digest</c>.</param>
/// <param name="Claim">What was looked at, such as <c>/etc/pump.conf</c> or <c>PCR 13</c>.</param>
/// <param name="Expected">What would have passed, in words or lower-case hex.</param>
/// <param name="Got">What was there.</param>
/// <param name="Rule">The rule or clause, such as <c>reference traffic-sensor #4</c> or <c>TPM 2.0 part 2, 10.12.12</c>.</param>
public sealed record Finding(string Check, string Claim, string Expected, string Got, string Rule, Outcome Outcome);
