namespace TrustMesh.Trust.Joining;

/// <summary>Why a device may not join.</summary>
/// <param name="Code">A code of PROTOCOL.md section 12: all the device learns (attack A11).</param>
/// <param name="Reason">For the silo's log.</param>
public sealed record EnrolmentRefusal(string Code, string Reason)
{
    public const string TokenRefused = "token_refused", Refused = "enrolment_refused", Busy = "busy";
}
