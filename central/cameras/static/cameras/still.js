// A fresh masked still: asked for, followed step by step, there or not.
import { get, pause, post } from "./asking.js";

const EVERY_MS = 400;

// Calls onStep("asked" | "sent" | "coming"); gives { picture, taken }, or throws an Error that says why there is none.
export async function fetchStill(address, onStep, notReached) {
  try {
    const asked = await post(address);
    if (!asked.ok) throw new Error(asked.told.reason || notReached);
    for (;;) {
      const { told, ok } = await get(asked.told.at);
      if (!ok) throw new Error(notReached);
      if (told.step === "here") return told;
      if (told.step === "failed") throw new Error(told.reason);
      onStep(told.step);
      await pause(EVERY_MS);
    }
  } catch (error) {
    throw error instanceof TypeError ? new Error(notReached) : error;
  }
}
